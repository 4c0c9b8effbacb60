"""Who must add a passkey or an authenticator app first, where SECOND_FACTOR demands more than one."""

from collections.abc import Iterable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.web.next_page import whole_page

_SEVERAL_FACTORS = "provider_several_factors"
"""Where the session keeps whether Google or Microsoft has signed that the person gave several."""

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def note_several_factors(request: HttpRequest, came_by: SocialLogin | None) -> None:
    """Keep what the ID token says by which the person has just signed in; None: by no provider.

    Not when a token comes: whoever is signed in may bring that of another account, which is then refused.
    """
    ways = (came_by.account.extra_data.get("id_token") or {}).get("amr") if came_by else None
    request.session[_SEVERAL_FACTORS] = isinstance(ways, list) and "mfa" in ways  # RFC 8176


def must_add_factor(request: HttpRequest, person: Person, memberships: Iterable[Membership]) -> bool:
    """Whether the person has shown one factor alone, has no other, and should."""
    if settings.SECOND_FACTOR == "offered":
        return False
    if settings.SECOND_FACTOR == "admins" and not any(membership.level == "admin" for membership in memberships):
        return False
    return not _has_shown_several(request, _ways(request, person)) and not is_mfa_enabled(person, _FACTORS)


def _has_shown_several(request: HttpRequest, ways: set[str | None]) -> bool:
    """By a code or a passkey here; or at Google or Microsoft, which is known if they say it or the setting does."""
    if "mfa" in ways:
        return True
    told = settings.PROVIDER_FACTORS == "trusted" or request.session.get(_SEVERAL_FACTORS) is True
    return "socialaccount" in ways and told


def _ways(request: HttpRequest, person: Person) -> set[str | None]:
    """In which the person has signed in, as django-allauth names them."""
    return {record.get("method") for record in get_authentication_records(request, person)}


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """To the page where one is added, which then says why."""
    why = " for an admin" if settings.SECOND_FACTOR == "admins" else ""
    person = request.user
    by_provider = isinstance(person, Person) and "socialaccount" in _ways(request, person)
    one = "Signing in by Google or Microsoft" if by_provider else "A password"
    messages.warning(
        request,
        f"{one} alone is not enough here{why}. Add a passkey or an authenticator app: then everything else opens.",
    )
    return whole_page(request, reverse("mfa_index"))
