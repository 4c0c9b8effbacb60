"""Signing in and out, and changes of accounts, in the audit log of every LEA of the person, who may act in all."""

from typing import Any, Literal

from cersgroups.actions.actor import actor_for, memberships_of
from cersgroups.actions.audit import note, note_failed
from cersgroups.records.person import Person, clean_email
from cersgroups.records.scope import lea_scope

AccountChange = Literal[
    "change password",
    "set password",
    "reset password",
    "switch on authenticator app",
    "switch off authenticator app",
    "add passkey",
    "rename passkey",
    "remove passkey",
    "make recovery codes",
    "discard recovery codes",
    "sign out everywhere else",
]
"""What a person changes of how they sign in; `reset password` by the link of a mail."""


def note_sign_in(person: Person, ip: str) -> None:
    """The person has signed in, in whatever way."""
    _note(person, ip, "sign in")


def note_sign_out(person: Person, ip: str) -> None:
    """The person has signed out."""
    _note(person, ip, "sign out")


def note_idle_end(person: Person, ip: str) -> None:
    """The person did nothing for so long that their session was ended."""
    _note(person, ip, "idle session ended")


def note_failed_sign_in(email: str, ip: str) -> None:
    """Somebody has tried to sign in as this person, and failed. An e-mail that nobody has belongs to no LEA."""
    person = Person.objects.filter(email=clean_email(email)).first()
    if person:
        _note_failed(person, ip, "sign-in failed")


def note_failed_factor(person: Person, ip: str) -> None:
    """Somebody who knows this person's password, or sits at their browser, has given a wrong code."""
    _note_failed(person, ip, "second factor failed")


def note_account_change(person: Person, ip: str, change: AccountChange, **detail: Any) -> None:
    """The person has changed how they sign in."""
    _note(person, ip, change, **detail)


def _note(person: Person, ip: str, action: str, **detail: Any) -> None:
    for membership in memberships_of(person):
        with lea_scope(membership.lea_id):
            note(actor_for(person, membership.lea_id, ip), action, _thing(person.pk), **detail)


def _note_failed(person: Person, ip: str, action: str) -> None:
    for membership in memberships_of(person):
        with lea_scope(membership.lea_id):
            note_failed(membership.lea_id, action, _thing(person.pk), person.email, ip)


def _thing(person_id: int) -> str:
    return f"person {person_id}"
