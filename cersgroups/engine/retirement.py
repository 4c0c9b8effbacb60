"""Retiring groups: emptying, in CERS, those that the roster no longer has (features E8).

The receiver cannot delete; a row with neither student nor user empties a group (vector 303).
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cersgroups.core.student_group import HEADER
from cersgroups.engine.database import Connection, text

GROUPS_CSV = "retired-groups.csv"
"""For people, beside retired.csv: each group that goes, what it holds, and the ids of the profiles that gave it."""


@dataclass(frozen=True)
class Retirement:
    """Which groups of `school_year` may be retired: those whose profiles are all in `profiles` or exist no longer.

    Groups that are sent are never retired. `everything`: whoever's they are (of an earlier year). With neither
    `profiles` nor `everything`: what only deleted profiles gave. `schools`: at these CDS codes only.
    """

    school_year: int
    profiles: Collection[int]
    existing_profiles: Collection[int]
    everything: bool = False
    schools: Collection[str] | None = None


def load_retired(connection: Connection, retirement: Retirement) -> None:
    """Make `retired` (number): the groups in `held` that go. Needs `held`, `filled` and `sent`."""
    others = sorted(set(retirement.existing_profiles) - set(retirement.profiles))
    free = "true" if retirement.everything else "NOT list_has_any(h.profiles, ?)"
    here = "true" if retirement.schools is None else "list_contains(?, h.school)"
    connection.execute(
        f"""
        CREATE TABLE retired AS SELECT h.number FROM held h
        WHERE h.school_year = {retirement.school_year} AND {free} AND {here}
          AND h.number IN (SELECT number FROM filled)
          AND NOT EXISTS (SELECT 1 FROM sent s
              WHERE s.school = h.school AND s.key = h.key AND s.school_year = h.school_year)
        """,
        [
            *([] if retirement.everything else [others]),
            *([] if retirement.schools is None else [list(retirement.schools)]),
        ],
    )


def write_retired(connection: Connection, path: Path) -> int:
    """Write the file that empties the groups in `retired`; says how many there are, and writes nothing if none."""
    [count] = connection.execute("SELECT count(*) FROM retired").fetchone() or (0,)
    if count:
        connection.execute(
            f"""
            COPY (SELECT h.school, h.name AS "group", h.school_year, array_to_string(h.profiles, '|') AS profiles,
                         (SELECT count(*) FROM held_student s WHERE s.number = h.number) AS students,
                         (SELECT count(*) FROM held_user u WHERE u.number = h.number) AS users
                  FROM held h JOIN retired USING (number) ORDER BY h.school, h.name)
            TO {text(str(path.with_name(GROUPS_CSV)))} (FORMAT csv, HEADER true)
            """
        )
        name, school, year, subject, ssid, login = HEADER
        connection.execute(
            f"""
            COPY (SELECT h.name AS {name}, h.school AS {school}, h.school_year AS {year}, h.subject AS {subject},
                         '' AS {ssid}, '' AS {login}
                  FROM held h JOIN retired USING (number) ORDER BY h.school, h.name)
            TO {text(str(path))} (FORMAT csv, HEADER true, QUOTE '', ESCAPE '')
            """
        )
    return int(count)
