"""Rules of signing in that go beyond django-allauth's settings: nobody signs up; who is invited comes in."""

import time
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cersgroups.actions.sign_in import note_failed_sign_in, note_sign_in, note_sign_out
from cersgroups.records.person import Person
from cersgroups.records.seal import seal_factor, unseal_factor
from cersgroups.web.provider_email import vouched_emails
from cersgroups.web.second_factor import note_several_factors
from cersgroups.web.session import SIGNED_IN_AT, USED_AT


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts: made by an admin's invitation or the first admin's link only."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail or the password is wrong.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "rate_limited": "Too many tries. Wait five minutes, then try again.",
        "too_many_login_attempts": "Too many failed tries. Wait five minutes, or set a new password by mail.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether `?next=` leads to a page of ours; what begins with no / or cannot be an address does not."""
        try:
            return bool(url.startswith("/") and super().is_safe_url(url))
        except ValueError:
            return False

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """The mail says how long its link holds."""
        super().send_password_reset_mail(user, email, {**context, "hours": settings.PASSWORD_RESET_TIMEOUT // 3600})

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **how: Any) -> HttpResponse:
        """After every factor and every way: password, passkey, Google, Microsoft."""
        response: HttpResponse = super().post_login(request, user, **how)
        request.session[SIGNED_IN_AT] = request.session[USED_AT] = int(time.time())
        note_several_factors(request, (how.get("signal_kwargs") or {}).get("sociallogin"))
        note_sign_in(cast(Person, user), self.get_client_ip(request))
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failed_sign_in(str(credentials.get("email", "")), self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            note_sign_out(request.user, self.get_client_ip(request))
        super().logout(request)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: whoever has the database alone cannot make their codes."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": (
            "This code is not accepted: it is wrong, was used before, or its 30 seconds are over. Enter the one that "
            "your app shows now. If that is refused too, let your phone set its clock automatically."
        ),
        "cannot_generate_recovery_codes": "First add a passkey or an authenticator app: recovery codes replace it.",
    }

    def encrypt(self, text: str) -> str:
        return seal_factor(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_factor(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """What the name of a new passkey is at first."""
        there = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {there + 1}" if there else "Passkey"


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Google and Microsoft: a person comes in if the provider has verified the e-mail they were invited by."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[AbstractBaseUser, str] | None:
        """The person with the verified e-mail, if any. Their password stays: the provider vouched for them."""
        for email in _vouched(sociallogin):
            person = Person.objects.filter(email=email, is_active=True).first()
            if person is not None:
                _remember_verified(person, email)
                return person, email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuses an account whose verified e-mail is not (any more) the person's, and connecting another one."""
        is_login = sociallogin.state.get("process") == AuthProcess.LOGIN
        if not is_login or (
            sociallogin.is_existing and cast(Person, sociallogin.user).email not in _vouched(sociallogin)
        ):
            raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))


def _vouched(sociallogin: SocialLogin) -> list[str]:
    return vouched_emails(sociallogin.account.provider, sociallogin.account.extra_data.get("id_token") or {})


def _remember_verified(person: Person, email: str) -> None:
    manager = cast(Any, EmailAddress).objects
    manager.update_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
