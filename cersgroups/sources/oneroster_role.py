"""Who is a student and who is staff, and where: users.csv in 1.1, roles.csv in 1.2."""

import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from cersgroups.core.error import DataStop
from cersgroups.sources.oneroster_date import is_empty
from cersgroups.sources.oneroster_export import Export, Reading
from cersgroups.sources.oneroster_list import items

Kind = Literal["student", "staff", "family"]

KINDS: dict[str, Kind] = {
    "student": "student",
    **dict.fromkeys(("guardian", "parent", "relative"), "family"),
    **dict.fromkeys(("administrator", "aide", "proctor", "teacher", "counselor", "principal"), "staff"),
    **dict.fromkeys(("districtAdministrator", "siteAdministrator", "systemAdministrator"), "staff"),
}
"""The roles of OneRoster 1.1 (users) and 1.2 (roles)."""

ROLE_COLUMNS = ("role", "orgSourcedIds")
"""The columns of users.csv that `Roles.of` wants (only 1.1 has them)."""

_BY_CASELESS = {role.casefold(): role for role in KINDS}


@dataclass(frozen=True)
class Assignment:
    """A person is student, staff or family at an org (blank: at none) from `begin` to `end`."""

    kind: Kind
    org_id: str
    begin: str = ""
    end: str = ""


class Roles:
    """Answers which assignments a row of users.csv has."""

    def __init__(self, by_user: dict[str, list[Assignment]] | None) -> None:
        self._by_user = by_user

    def of(self, reading: Reading, user_id: str, role: str, org_ids: str) -> list[Assignment]:
        """The assignments of a user; none with a finding if there is no role, or an unknown one."""
        if self._by_user is not None:
            found = self._by_user.get(user_id)
            if found is None:
                reading.note("oneroster_user_without_role", user_id)
            return found or []
        if not role:
            reading.note("oneroster_user_without_role", user_id)
            return []
        kind = _kind(reading, user_id, role)
        return [Assignment(kind, org_id) for org_id in items(org_ids) or ("",)] if kind else []


def read_roles(export: Export) -> Roles:
    """Read roles.csv if it is there. Raises DataStop if neither it nor users.csv tells roles."""
    if not export.has("roles"):
        if "role" not in (column.casefold() for column in export.header("users")):
            raise DataStop(
                f"{export.title}: roles.csv is missing and users.csv has no column role, so nobody can be "
                "told to be a student or a teacher. Ask the source for roles.csv."
            )
        if export.version == "1.2":
            export.tally.add("oneroster_file_missing", "roles.csv", note="users.csv tells the roles")
        return Roles(None)
    by_user: defaultdict[str, list[Assignment]] = defaultdict(list)
    reading = export.read("roles", ("userSourcedId", "role", "orgSourcedId", "beginDate", "endDate"))
    for user_id, role, org_id, begin_date, end_date in reading.active():
        kind = _kind(reading, user_id, role)
        begin, end = reading.first_day(begin_date, "beginDate"), reading.last_day(end_date, "endDate")
        assignments = by_user[user_id]
        if is_empty(begin, end):
            reading.note("oneroster_enrollment_without_days", user_id, f"{begin_date} {end_date}")
        elif kind:
            assignments.append(Assignment(kind, sys.intern(org_id), begin, end))
    return Roles(dict(by_user))


def _kind(reading: Reading, user_id: str, role: str) -> Kind | None:
    right = _BY_CASELESS.get(role.casefold())
    if right is None:
        reading.note("oneroster_role_unknown", user_id, role)
        return None
    if right != role:
        reading.note("oneroster_value_case", user_id, role)
    return KINDS[right]
