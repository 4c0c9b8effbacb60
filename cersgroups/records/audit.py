"""The audit log: who did what, and who read students' data. Rows are only ever added (the database sees to it)."""

import json
from typing import Any, Literal

from django.db import connection, connections, models, transaction
from django.utils import timezone

from cersgroups.records.whole import OWNER_ALIAS, SETTING


class AuditEntry(models.Model):
    """`actor` None: the system itself (a job). `object` such as `profile 17`; `detail` never holds student data.

    `door`: page, API, job or command; blank in entries that are older than this column.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    actor_email = models.CharField(max_length=254, blank=True)
    action = models.CharField(max_length=64)
    object = models.CharField(max_length=255)
    detail = models.JSONField(default=dict)
    door = models.CharField(max_length=8, blank=True)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        db_table = "audit_entry"
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=["lea", "-at"], name="audit_by_time"),
            models.Index(fields=["lea", "actor_email", "-at"], name="audit_by_person"),
            models.Index(fields=["lea", "action", "-at"], name="audit_by_action"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_email} {self.action} {self.object}"


_TO_EVERY_LEA = """
INSERT INTO audit_entry (lea_id, at, actor_email, action, object, detail, door)
SELECT set_config('cersgroups.lea', id::text, true)::bigint, %s, '', %s, 'lea ' || id, %s::jsonb, %s FROM lea
"""
"""Row by row: the LEA's scope, then its entry, which the database looks at (row_security.py) as it is inserted."""

_LONGEST_WAIT = "60s"
"""For whoever has locked an LEA or the log, such as a migration."""


def add_to_every_lea(action: str, detail: dict[str, Any], door: str) -> int:
    """An entry in each LEA's log, in one statement, by the tables' owner: how many. Raises Django's Error."""
    with transaction.atomic(using=OWNER_ALIAS), connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, 'on', true), set_config('lock_timeout', %s, true)", [SETTING, _LONGEST_WAIT]
        )
        cursor.execute(_TO_EVERY_LEA, [timezone.now(), action, json.dumps(detail), door])
        return int(cursor.rowcount)


_FIRST = "SELECT {0} FROM audit_entry WHERE lea_id = %(lea)s ORDER BY {0} LIMIT 1"
_NEXT = "SELECT {0} FROM audit_entry WHERE lea_id = %(lea)s AND {0} > found.value ORDER BY {0} LIMIT 1"
VALUES = (
    f"WITH RECURSIVE found (value) AS (({_FIRST}) UNION ALL SELECT ({_NEXT}) FROM found WHERE found.value IS NOT NULL) "
    "SELECT value FROM found WHERE value IS NOT NULL"
)
"""SQL, with the name of a column for {0}: each of its values once. DISTINCT would read the whole log for that, this
looks into the column's index once for each value."""


def read_values(lea_id: int, column: Literal["actor_email", "action"]) -> list[str]:
    """Every value that the column has in the LEA's entries, in the database's order; in the LEA's scope."""
    with connection.cursor() as cursor:
        cursor.execute(VALUES.format(column), {"lea": lea_id})
        return [value for (value,) in cursor.fetchall()]
