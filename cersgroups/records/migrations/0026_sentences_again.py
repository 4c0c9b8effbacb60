"""Sentences that are kept already say what new ones would (core/student_mask.py): 0022 knew of SSIDs and lists only.

Why an upload could not be counted is found out again, if a page asks.
"""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from typing import Any

from django.db import migrations

from cersgroups.core.student_mask import without_students

_KEPT = (
    ("extract", "why"),
    ("profile", "last_result"),
    ("scheduled_run", "why"),
    ("snapshot", "why"),
    ("upload", "why"),
)
_LONGEST = {"last_result": 1000}


def mask(cursor: Any) -> None:
    """In one transaction of the tables' owner."""
    cursor.execute("SELECT set_config('cersgroups.whole', 'on', true)")
    cursor.execute("SELECT id FROM lea")
    for (lea_id,) in cursor.fetchall():
        cursor.execute("SELECT set_config('cersgroups.lea', %s, true)", [str(lea_id)])
        for table, column in _KEPT:
            _mask_column(cursor, lea_id, table, column)
        cursor.execute("UPDATE snapshot SET counted = NULL WHERE lea_id = %s AND counted ? 'why_not'", [lea_id])
    cursor.execute("SELECT set_config('cersgroups.whole', '', true), set_config('cersgroups.lea', '', true)")


def _mask_column(cursor: Any, lea_id: int, table: str, column: str) -> None:
    cursor.execute(f"SELECT id, {column} FROM {table} WHERE lea_id = %s AND {column} <> ''", [lea_id])
    for number, kept in cursor.fetchall():
        masked = without_students(kept)[: _LONGEST.get(column)]
        if masked != kept:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [masked, number])


def _mask(_apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        mask(cursor)


class Migration(migrations.Migration):
    dependencies = [("records", "0025_profile_style")]

    operations = [migrations.RunPython(_mask, migrations.RunPython.noop)]
