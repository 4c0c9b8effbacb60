"""An LEA of one's own for a test file: the demo district as its current roster, four people, and PROFILES of theirs.

Run beside the server, for its data folder: python -m tests.e2e.district "Name of the LEA". Every date of the roster is
open, so the tests give the same on any day. Sam is limited to the high school.
"""

import csv
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cersgroups.cli.application import application
from cersgroups.sources.demo import District as Demo
from cersgroups.sources.demo import write_roster
from tests.e2e.stage import PASSWORD, Person

STUDENTS = 600
ELEMENTARY, MASTER_ELEMENTARY = "Manzanita Hollow Elementary", "Coyote Mesa Elementary"
MIDDLE, HIGH, INACTIVE = "Juniper Grove Middle School", "Sycamore Valley High School", "Almond Bluff Elementary"
SCHOOLS = (ELEMENTARY, MASTER_ELEMENTARY, MIDDLE, HIGH)
"""The active ones: elementary, elementary with a master schedule, master schedule, flex."""

SAMS_SCHOOL = "104"
_ENGLISH = {"subject": "ELA", "type": "classes", "name_pattern": "teacher_period", "filters": {"departments": ["ENG"]}}
PROFILES: dict[str, tuple[str, dict[str, Any]]] = {
    "English": ("alma", {**_ENGLISH, "schools": ["103", "104"], "include_in_scheduled_process": True}),
    "English at the high school": ("alma", {**_ENGLISH, "schools": ["104"]}),
    "Grades": ("alma", {"subject": "All", "type": "grade", "schools": ["101", "102"]}),
    "Counselors": ("ada", {"subject": "All", "type": "counselor", "schools": ["103", "104"]}),
    "Sam's English": ("sam", {**_ENGLISH, "schools": ["104"]}),
}
"""By name: whose they are and what they hold. English and English at the high school name the same groups."""

_ENDS = {"start_date": "", "end_date": "", "expires_on": ""}


@dataclass(frozen=True)
class District:
    """The name of the LEA, and its people: admin, Administer, Administer at one school, viewer."""

    lea: str

    @property
    def ada(self) -> Person:
        return self._person("Ada Admin")

    @property
    def alma(self) -> Person:
        return self._person("Alma Álvarez")

    @property
    def sam(self) -> Person:
        return self._person("Sam Sato")

    @property
    def vera(self) -> Person:
        return self._person("Vera Vance")

    def _person(self, name: str) -> Person:
        return Person(name, f"{name.split()[0].lower()}@{self.lea.lower().replace(' ', '-')}.example")


def write_open_roster(folder: Path, students: int = STUDENTS) -> Path:
    """The demo district as a roster folder in which every term, enrollment and section goes on for ever."""
    write_roster(folder, Demo(students))
    for name in ("terms", "enrollments", "rosters", "section_staff", "student_groups"):
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        always = {"start_date": "2020-01-01", "end_date": "2099-12-31"} if name == "terms" else _ENDS
        changed = [{**row, **{k: v for k, v in always.items() if k in row}} for row in rows]
        unique = {tuple(row.items()): row for row in changed}.values()
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(unique)
    return folder


def main(name: str) -> None:
    with application():
        _fill(District(name))


def _fill(district: District) -> None:
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.first_admin import create_first_admin, make_link
    from cersgroups.actions.person import invite
    from cersgroups.actions.profile import create_profile
    from cersgroups.records import models
    from tests.roster import give_roster

    ada = district.ada
    person, lea = create_first_admin(
        make_link(), email=ada.email, name=ada.name, password=ada.password, lea_name=district.lea
    )
    give_roster(lea.pk, _snapshot(), person.pk)
    actor = actor_for(person, lea.pk)
    invite(actor, district.alma.email, district.alma.name, "administer")
    invite(actor, district.sam.email, district.sam.name, "administer", [SAMS_SCHOOL])
    invite(actor, district.vera.email, district.vera.name, "viewer")
    for one in (district.alma, district.sam, district.vera):
        record = models.Person.objects.get(email=one.email)
        record.set_password(PASSWORD)
        record.save()
    for name, (owner, content) in PROFILES.items():
        whose = actor_for(models.Person.objects.get(email=getattr(district, owner).email), lea.pk)
        create_profile(whose, {"name": name, "school_year": 2027, **content})


def _snapshot() -> Path:
    """The roster as a snapshot, made once for the site's data folder."""
    from django.conf import settings

    from cersgroups.engine.roster import RosterFolder
    from cersgroups.engine.snapshot import write_snapshot

    folder = Path(settings.DATA_FOLDER) / "e2e-district"
    if not (folder / "snapshot").exists():
        shutil.rmtree(folder, ignore_errors=True)
        write_snapshot(RosterFolder(write_open_roster(folder / "roster")), folder / "snapshot", source="demo roster")
    return folder / "snapshot"


if __name__ == "__main__":
    main(sys.argv[1])
