"""The audit log: written inside the transaction of what it tells of, read by admins."""

import csv
import json
from collections.abc import Iterator
from typing import Any, TextIO

from django.db.models import QuerySet
from django.utils import timezone

from cersgroups.core.permission import Actor, check_can
from cersgroups.engine.spreadsheet import harmless
from cersgroups.records.audit import AuditEntry, add_to_every_lea, read_values


def note(actor: Actor, action: str, thing: str, **detail: Any) -> None:
    """Add an entry: `action` such as `create profile`, `thing` such as `profile 17`. No student data in `detail`.

    What was done by an API token says so.
    """
    if actor.token is not None:
        detail["by_token"] = actor.token.name
    AuditEntry.objects.create(
        lea_id=actor.lea_id,
        actor_id=actor.person_id,
        actor_email=actor.email,
        action=action,
        object=thing,
        detail=detail,
        ip=actor.ip or None,
        door="API" if actor.token else "page" if actor.ip else "",
    )


def note_system(lea_id: int, action: str, thing: str, *, door: str = "job", **detail: Any) -> None:
    """Add an entry of what a job did, or a command."""
    AuditEntry.objects.create(lea_id=lea_id, action=action, object=thing, detail=detail, door=door)


def note_everywhere(action: str, **detail: Any) -> None:
    """Add an entry to the log of every LEA, of what a command did to the whole installation. Raises Django's Error."""
    add_to_every_lea(action, detail, "command")


def note_failed(lea_id: int, action: str, thing: str, email: str, ip: str) -> None:
    """Add an entry of what somebody tried under a person's e-mail: it is not known who."""
    entry = AuditEntry(lea_id=lea_id, actor_email=email, action=action, object=thing, ip=ip or None, door="page")
    entry.save()


def visible_entries(actor: Actor) -> "QuerySet[AuditEntry]":
    """The LEA's entries, newest first; read it in the LEA's scope. Raises PermissionRefused unless an admin asks."""
    check_can(actor, "read_audit_log")
    return AuditEntry.objects.filter(lea_id=actor.lea_id)


def people_in_log(actor: Actor) -> list[str]:
    """The e-mails of all who did something, in order, also of who has left. Raises what `visible_entries` raises."""
    check_can(actor, "read_audit_log")
    return [email for email in read_values(actor.lea_id, "actor_email") if email]


def actions_in_log(actor: Actor) -> list[str]:
    """All that was done, each once. Raises what `visible_entries` raises."""
    check_can(actor, "read_audit_log")
    return read_values(actor.lea_id, "action")


HEAD = ("when", "who", "what", "to_what", "details", "door", "ip_address")


def write_entries(actor: Actor, entries: "QuerySet[AuditEntry]", file: TextIO) -> None:
    """Write these of the visible entries as CSV for people and spreadsheets, and that it was done."""
    check_can(actor, "read_audit_log")
    note(actor, "download", "audit log", entries=entries.count())
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows([harmless(cell) for cell in row] for row in _rows(entries))


def _rows(entries: "QuerySet[AuditEntry]") -> Iterator[tuple[str, ...]]:
    for entry in entries.iterator():
        at = entry.at.astimezone(timezone.get_current_timezone()).isoformat(sep=" ", timespec="seconds")
        details = json.dumps(entry.detail, ensure_ascii=False) if entry.detail else ""
        yield at, entry.actor_email, entry.action, entry.object, details, entry.door, entry.ip or ""
