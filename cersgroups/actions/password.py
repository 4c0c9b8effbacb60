"""What a new password must not be made of, besides Django's own rules: words of the person's LEAs and of this site."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from cersgroups.actions.actor import memberships_of
from cersgroups.core.password import fault_of
from cersgroups.records.person import Person


def check_words(password: str, lea_names: Iterable[str]) -> None:
    """Raises ValidationError."""
    fault = fault_of(password, lea_names, urlsplit(settings.URL).hostname or "")
    if fault:
        raise ValidationError(fault, code="password_of_words_known_here")


class WordValidator:
    """For Django's AUTH_PASSWORD_VALIDATORS: whoever changes a password, or sets one by a mail."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError. Who has no record yet belongs to no LEA."""
        memberships = memberships_of(user) if isinstance(user, Person) and user.pk is not None else []
        check_words(password, [membership.lea.name for membership in memberships])

    def get_help_text(self) -> str:
        return "Your password must not be made of the name of your LEA or of words that belong to your work."
