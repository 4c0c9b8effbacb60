"""The audit log: written inside the transaction of what it tells of, read by admins."""

from typing import Any

from django.db.models import QuerySet

from cersgroups.core.permission import Actor, check_can
from cersgroups.records.audit import AuditEntry


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
    )


def note_system(lea_id: int, action: str, thing: str, **detail: Any) -> None:
    """Add an entry of what a job did."""
    AuditEntry.objects.create(lea_id=lea_id, action=action, object=thing, detail=detail)


def visible_entries(actor: Actor) -> "QuerySet[AuditEntry]":
    """The LEA's entries, newest first; read it in the LEA's scope. Raises PermissionRefused unless an admin asks."""
    check_can(actor, "read_audit_log")
    return AuditEntry.objects.filter(lea_id=actor.lea_id)
