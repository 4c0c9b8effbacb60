"""Signing in and out, in the audit log of every LEA that the person belongs to: they may act in all of them."""

from cersgroups.actions.actor import actor_for, memberships_of
from cersgroups.actions.audit import note, note_failed
from cersgroups.records.person import Person, clean_email
from cersgroups.records.scope import lea_scope


def note_sign_in(person: Person, ip: str) -> None:
    """The person has signed in, in whatever way."""
    _note(person, ip, "sign in")


def note_sign_out(person: Person, ip: str) -> None:
    """The person has signed out."""
    _note(person, ip, "sign out")


def note_failed_sign_in(email: str, ip: str) -> None:
    """Somebody has tried to sign in as this person, and failed. An e-mail that nobody has belongs to no LEA."""
    person = Person.objects.filter(email=clean_email(email)).first()
    for membership in memberships_of(person) if person else []:
        with lea_scope(membership.lea_id):
            note_failed(membership.lea_id, "sign-in failed", _thing(membership.person_id), clean_email(email), ip)


def _note(person: Person, ip: str, action: str) -> None:
    for membership in memberships_of(person):
        with lea_scope(membership.lea_id):
            note(actor_for(person, membership.lea_id, ip), action, _thing(person.pk))


def _thing(person_id: int) -> str:
    return f"person {person_id}"
