"""The one-time link with which the first admin of a new LEA signs up. Who has it becomes admin: it is shown once.

Such a link may also be for an LEA that is there and has no admin (any more): its token then begins with the number.
"""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cersgroups.actions.audit import note_system
from cersgroups.actions.lea import add_lea, lea_of_command, make_admin
from cersgroups.actions.password import check_words
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.records.first_admin import FirstAdminLink
from cersgroups.records.lea import Lea
from cersgroups.records.person import Person, clean_email
from cersgroups.records.scope import lea_scope

VALID_FOR = timedelta(hours=24)

_OF_LEA = "."
"""After the LEA's number; no other token holds it."""


def is_first_start() -> bool:
    """Whether nobody has an account yet."""
    return not Person.objects.exists()


def make_link(lea_id: int | None = None) -> str:
    """A new token beside those made before, which stay: a program started twice has shown two, and either works.

    `lea_id`: of the LEA that gets one more admin; None: a new one. Only the command line calls it. Raises NotThere.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if lea_id is not None:
            with lea_scope(lea_id):
                lea_of_command(lea_id)
                note_system(lea_id, "make link for admin", f"lea {lea_id}", door="command")
            token = f"{lea_id}{_OF_LEA}{token}"
        FirstAdminLink.objects.filter(used_at=None, expires_at__lte=timezone.now()).delete()
        FirstAdminLink.objects.create(
            token_hash=_hash(token), expires_at=timezone.now() + VALID_FOR, of_lea=lea_id is not None
        )
    return token


def lea_of_link(token: str) -> Lea | None:
    """The LEA that it makes an admin of; None: it makes a new one. Raises NotThere for a link that does neither."""
    check_link(token)
    return _lea_named(token)


def _lea_named(token: str) -> Lea | None:
    number, of_lea, _ = token.partition(_OF_LEA)
    if not of_lea:
        return None
    with lea_scope(int(number)):
        return lea_of_command(int(number))


def check_link(token: str) -> None:
    """Raises NotThere if the link is unknown, used or too old."""
    _valid_link(token, lock=False)


def create_first_admin(
    token: str, *, email: str, name: str, password: str, lea_name: str = "", ip: str = ""
) -> tuple[Person, Lea]:
    """Make the LEA, unless the link is of one, and the account of its admin. The link cannot be used again.

    The first account of all ends every other link, but those of an LEA that is there.

    Raises NotThere for the link, RequestStop for a weak password or an e-mail that has an account.
    """
    with transaction.atomic():
        link = _valid_link(token, lock=True)
        if Person.objects.filter(email=clean_email(email)).exists():
            raise RequestStop(f"{clean_email(email)} has an account. Sign in with it and open this link again.")
        person = Person(email=clean_email(email), name=name.strip())
        lea = _lea_named(token)
        _check_account(person, password, lea.name if lea else lea_name)
        if is_first_start():
            FirstAdminLink.objects.filter(used_at=None, of_lea=False).exclude(pk=link.pk).delete()
        person.set_password(password)
        person.save()
        return person, _use(link, lea, person, lea_name, ip)


def claim_lea(token: str, person: Person, lea_name: str = "", ip: str = "") -> Lea:
    """Make the LEA, unless the link is of one, with a person who has an account, and is signed in, as its admin.

    Raises NotThere.
    """
    with transaction.atomic():
        return _use(_valid_link(token, lock=True), _lea_named(token), person, lea_name, ip)


def _use(link: FirstAdminLink, lea: Lea | None, person: Person, lea_name: str, ip: str) -> Lea:
    link.used_at = timezone.now()
    link.save()
    return make_admin(lea, person, ip) if lea else add_lea(lea_name, person, ip)


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
