"""Rules of signing in that go beyond django-allauth's settings: nobody signs up; who is invited comes in."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import render

from cersgroups.records.person import Person, clean_email


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts: made by an admin's invitation or the first admin's link only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Google and Microsoft: a person comes in if the provider has verified the e-mail they were invited by."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[AbstractBaseUser, str] | None:
        """The person with the verified e-mail, if any. Their password stays: the provider vouched for them."""
        for address in sociallogin.email_addresses:
            email = clean_email(address.email)
            person = Person.objects.filter(email=email, is_active=True).first() if address.verified else None
            if person is not None:
                _remember_verified(person, email)
                return person, email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuses an account whose verified e-mail is not (any more) the person's, and connecting another one."""
        emails = {clean_email(address.email) for address in sociallogin.email_addresses if address.verified}
        is_login = sociallogin.state.get("process") == AuthProcess.LOGIN
        if not is_login or (sociallogin.is_existing and cast(Person, sociallogin.user).email not in emails):
            raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))


def _remember_verified(person: Person, email: str) -> None:
    manager = cast(Any, EmailAddress).objects
    manager.update_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
