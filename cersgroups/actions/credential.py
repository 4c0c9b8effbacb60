"""Credentials for CERS: entering, changing, testing and removing them. Their secrets never come out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note
from cersgroups.actions.outgoing import check_outgoing
from cersgroups.cers.client import Client
from cersgroups.cers.credential import Credential as Known
from cersgroups.cers.credential import Kind
from cersgroups.cers.endpoint import Endpoints, host_of
from cersgroups.core.error import DataStop, NotThere, RequestStop
from cersgroups.core.lea_overview import ENDS_SOON_DAYS
from cersgroups.core.permission import Actor, check_can
from cersgroups.records.credential import KINDS, Credential
from cersgroups.records.due import plan
from cersgroups.records.school import School

LIFE_DAYS = 365
"""How long CERS lets a credential live (cers-receiver.md, "Limits")."""

WARN_DAYS = (ENDS_SOON_DAYS, 14, 7, 3, 1)
"""So many days before its last day people are written to."""


@dataclass(frozen=True)
class Entry:
    """What a person enters. A blank password or client secret keeps the stored one."""

    name: str
    kind: str
    token_url: str
    import_url: str
    expires_on: date
    username: str = ""
    password: str = ""
    client_id: str = ""
    client_secret: str = ""
    school_ids: Sequence[str] | None = None


def visible_credentials(actor: Actor) -> "QuerySet[Credential]":
    """The LEA's, by name; read it in the LEA's scope. Raises PermissionRefused unless an admin asks."""
    check_can(actor, "manage_credentials")
    return Credential.objects.filter(lea_id=actor.lea_id)


def find_credential(actor: Actor, credential_id: int) -> Credential:
    """In the LEA's scope. Raises NotThere or PermissionRefused."""
    found = visible_credentials(actor).filter(pk=credential_id).first()
    if found is None:
        raise NotThere("There is no such credential, or it was deleted. Go back to the list of credentials.")
    return found


def save_credential(actor: Actor, entry: Entry, credential_id: int | None = None) -> Credential:
    """Store a new credential, or change one. Raises RequestStop for what cannot be meant."""
    with acting(actor):
        check_can(actor, "manage_credentials")
        record = find_credential(actor, credential_id) if credential_id else Credential(lea_id=actor.lea_id)
        secrets = _secrets(entry, record)
        _check(entry, secrets)
        _check_others(actor, entry, credential_id)
        for field in ("name", "kind", "token_url", "import_url", "expires_on", "username", "client_id"):
            setattr(record, field, getattr(entry, field))
        record.school_ids = None if entry.school_ids is None else sorted(set(entry.school_ids))
        record.keep(secrets)
        record.changed_by_id, record.tested_at, record.test_fault = actor.person_id, None, ""
        record.warned_for, record.told = None, []
        record.save()
        plan(actor.lea_id, "credential_expiry", timezone.now())
        note(actor, "save credential", _thing(record), name=record.name, expires_on=record.expires_on.isoformat())
        return record


def delete_credential(actor: Actor, credential_id: int) -> None:
    """Forget it. Uploads that it was used for stay."""
    with acting(actor):
        record = find_credential(actor, credential_id)
        thing = _thing(record)
        record.delete()
        note(actor, "delete credential", thing, name=record.name)


def try_credential(actor: Actor, credential_id: int) -> Credential:
    """Ask CERS who this is and what it may do; the result is in the record. Takes as long as CERS does."""
    with acting(actor):
        record = find_credential(actor, credential_id)
        receiver = open_credential(record)
        note(actor, "test credential", _thing(record), name=record.name)
    checked = receiver.check()
    with acting(actor):
        record = find_credential(actor, credential_id)
        record.tested_at, record.test_fault = timezone.now(), "" if checked.ok else checked.sentence
        record.save(update_fields=["tested_at", "test_fault"])
        return record


def days_to_tell(days: int, warned_for: int | None) -> int | None:
    """Of which of WARN_DAYS people are to be told when `days` are left (0: once it has ended), None if of none.

    `warned_for`: of which they were told last.
    """
    reached = [0] if days < 0 else [warned for warned in WARN_DAYS if days <= warned]
    if not reached or (warned_for is not None and warned_for <= min(reached)):
        return None
    return min(reached)


def open_credential(record: Credential) -> Client:
    """The receiver as this credential reaches it.

    Raises DataStop if its secrets cannot be opened, RequestStop if this installation may not ask that server.
    """
    check_outgoing((host_of(record.token_url), host_of(record.import_url)))
    return Client(Endpoints(record.token_url, record.import_url), _known(record, record.secrets()))


def credentials_by_school(lea_id: int, schools: Sequence[str]) -> dict[str, Credential]:
    """Which credential each school (by school_id) is sent with; in the LEA's scope.

    Raises DataStop, with the schools, if one has none.
    """
    known = list(Credential.objects.filter(lea_id=lea_id).order_by("pk"))
    of_lea = [credential for credential in known if credential.school_ids is None]
    found = {
        school: credential
        for school in schools
        for credential in [*(c for c in known if school in (c.school_ids or ())), *of_lea][:1]
    }
    missing = [school for school in schools if school not in found]
    if missing:
        raise DataStop(
            f"No credential for CERS is there for {'the school' if len(missing) == 1 else 'the schools'} "
            f"{', '.join(missing)}. An admin enters one under Settings, Credentials."
        )
    return found


def _secrets(entry: Entry, record: Credential) -> dict[str, str]:
    """Those that were entered, else those that are stored."""
    entered = {"password": entry.password, "client_secret": entry.client_secret}
    kept = record.secrets() if record.pk and not all(entered.values()) else {}
    secrets = {name: value or kept.get(name, "") for name, value in entered.items()}
    if secrets != entered and _is_elsewhere(entry, record):
        raise RequestStop(
            "An address has changed. Enter password and client secret again: stored ones go to no other address."
        )
    return secrets


def _is_elsewhere(entry: Entry, record: Credential) -> bool:
    """Whether it names another server than the secrets were entered for: who changes it would be told them."""
    servers = [(urlsplit(one.token_url).netloc, urlsplit(one.import_url).netloc) for one in (entry, record)]
    return servers[0] != servers[1]


def _known(given: Entry | Credential, secrets: dict[str, str]) -> Known:
    """As the receiver knows it. Raises RequestStop if a part is missing."""
    kind = cast(Kind, given.kind)
    return Known(kind, username=given.username, client_id=given.client_id, **secrets)


def _check(entry: Entry, secrets: dict[str, str]) -> None:
    if not entry.name.strip():
        raise RequestStop("The credential has no name. Give it one, such as the LEA's.")
    if entry.kind not in KINDS:
        raise RequestStop(f"{entry.kind!r} is no kind of credential. Choose one of {', '.join(KINDS)}.")
    Endpoints(entry.token_url, entry.import_url)
    check_outgoing((host_of(entry.token_url), host_of(entry.import_url)))
    _known(entry, secrets)


def _check_others(actor: Actor, entry: Entry, credential_id: int | None) -> None:
    others = Credential.objects.filter(lea_id=actor.lea_id).exclude(pk=credential_id or 0)
    if others.filter(name=entry.name).exists():
        raise RequestStop(f"There is a credential {entry.name!r} already. Choose another name, or change that one.")
    if entry.school_ids is None and others.filter(school_ids=None).exists():
        raise RequestStop("There is a credential for the whole LEA already. Change it, or choose schools for this one.")
    schools = set(entry.school_ids or ())
    if entry.school_ids is not None and not schools:
        raise RequestStop("No school is chosen. Choose the schools of this credential, or the whole LEA.")
    unknown = schools - set(School.objects.filter(lea_id=actor.lea_id).values_list("school_id", flat=True))
    if unknown:
        raise RequestStop(f"No such school: {', '.join(sorted(unknown))}. Choose schools of the current roster.")
    for other in others.exclude(school_ids=None):
        both = schools & set(other.school_ids or ())
        if both:
            raise RequestStop(f"{other.name} has the school {min(both)} already. A school has one credential.")


def _thing(record: Credential) -> str:
    return f"credential {record.pk}"
