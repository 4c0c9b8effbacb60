"""How LEAs stand, in one query over all that somebody looks after (core/lea_overview.py).

The view shows what row-level security shows: to the application one LEA in its scope, to the owner (whole.py) all.
The function shows a person, within `person_scope`, the LEAs that they are admin of.
"""

from django.db import connection, connections

from cersgroups.core.lea_overview import LeaOverview

_COLUMNS = ", ".join(LeaOverview.__dataclass_fields__)


def read_own_overviews() -> list[LeaOverview]:
    """Of the LEAs that the person of the scope is admin of, by name; in that person's scope."""
    return _read(connection.alias, "lea_overviews()")


def read_all_overviews(alias: str) -> list[LeaOverview]:
    """Of every LEA, by name; `alias` is that of `whole()`."""
    return _read(alias, "lea_overview")


def _read(alias: str, relation: str) -> list[LeaOverview]:
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM {relation} ORDER BY name, number")
        return [LeaOverview(*row) for row in cursor.fetchall()]
