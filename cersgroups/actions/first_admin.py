"""The one-time link with which the first admin of a new LEA signs up. Who has it becomes admin: it is shown once."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cersgroups.actions.lea import add_lea
from cersgroups.actions.password import check_words
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.records.first_admin import FirstAdminLink
from cersgroups.records.lea import Lea
from cersgroups.records.person import Person, clean_email

VALID_FOR = timedelta(hours=24)


def is_first_start() -> bool:
    """Whether nobody has an account yet."""
    return not Person.objects.exists()


def make_link() -> str:
    """A new token beside those made before, which stay: a program started twice has shown two, and either works.

    Only the command line calls it.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        FirstAdminLink.objects.filter(used_at=None, expires_at__lte=timezone.now()).delete()
        FirstAdminLink.objects.create(token_hash=_hash(token), expires_at=timezone.now() + VALID_FOR)
    return token


def check_link(token: str) -> None:
    """Raises NotThere if the link is unknown, used or too old."""
    _valid_link(token, lock=False)


def create_first_admin(
    token: str, *, email: str, name: str, password: str, lea_name: str, ip: str = ""
) -> tuple[Person, Lea]:
    """Make the LEA, and the account of its admin. The link cannot be used again.

    The first account of all ends every other link.

    Raises NotThere for the link, RequestStop for a weak password or an e-mail that has an account.
    """
    with transaction.atomic():
        link = _valid_link(token, lock=True)
        if Person.objects.filter(email=clean_email(email)).exists():
            raise RequestStop(f"{clean_email(email)} has an account. Sign in with it and open this link again.")
        person = Person(email=clean_email(email), name=name.strip())
        _check_account(person, password, lea_name)
        if is_first_start():
            FirstAdminLink.objects.filter(used_at=None).exclude(pk=link.pk).delete()
        person.set_password(password)
        person.save()
        return person, _use(link, person, lea_name, ip)


def claim_lea(token: str, person: Person, lea_name: str, ip: str = "") -> Lea:
    """Make the LEA with a person who has an account, and is signed in, as its admin. Raises NotThere."""
    with transaction.atomic():
        return _use(_valid_link(token, lock=True), person, lea_name, ip)


def _use(link: FirstAdminLink, person: Person, lea_name: str, ip: str) -> Lea:
    link.used_at = timezone.now()
    link.save()
    return add_lea(lea_name, person, ip)


def _valid_link(token: str, *, lock: bool) -> FirstAdminLink:
    links = FirstAdminLink.objects.select_for_update() if lock else FirstAdminLink.objects.all()
    link = links.filter(token_hash=_hash(token), used_at=None, expires_at__gt=timezone.now()).first()
    if link is None:
        raise NotThere("This link is used or too old. Make a new one with: cersgroups first-admin")
    return link


def _check_account(person: Person, password: str, lea_name: str) -> None:
    try:
        person.clean_fields(exclude=["password"])
        validate_password(password, person)
        check_words(password, [lea_name])
    except ValidationError as e:
        raise RequestStop(" ".join(e.messages)) from None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
