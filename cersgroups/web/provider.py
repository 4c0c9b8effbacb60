"""Coming back from Google or Microsoft: the ID token that says who somebody is must be signed by that provider."""

from typing import Any

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter, login
from django.http import Http404, HttpRequest, HttpResponse

__all__ = ("callback", "login")

_SIGNED = frozenset(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"))
"""With a key of the provider's that nobody else has: not "none", and not with a secret that two know."""


class SignedTokenAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth has no types
    """django-allauth takes the token's coming over TLS for enough, as OpenID Connect allows and ASVS 6.8.2 does not."""

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **more: Any) -> SocialLogin:
        """Raises OAuth2Error without an ID token: allauth would ask for the user info then, which nobody signs."""
        if not more["response"].get("id_token"):
            raise OAuth2Error("The answer holds no ID token")
        return super().complete_login(request, app, token, **more)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Raises OAuth2Error, which is told on a page of ours."""
        self.did_fetch_access_token = False
        try:
            if jwt.get_unverified_header(id_token).get("alg") not in _SIGNED:
                raise OAuth2Error("The ID token is not signed by the provider")
            return super()._decode_id_token(app, id_token)  # type: ignore[no-any-return]
        except (jwt.PyJWTError, LookupError, TypeError, ValueError) as error:
            raise OAuth2Error("Invalid ID token") from error


@login_not_required  # type: ignore[untyped-decorator]
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """As django-allauth has it, with our adapter."""
    try:
        view = OAuth2CallbackView.adapter_view(SignedTokenAdapter(request, provider_id))
        return view(request)  # type: ignore[no-any-return]
    except SocialApp.DoesNotExist:
        raise Http404 from None
