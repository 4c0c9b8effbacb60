"""`python -m tests.bench.page_stage ROSTER`: an LEA of the roster's size with people, profiles, extracts and drafts.

Prints the ids (page.py) as JSON. The data folder is that of CERSGROUPS_DATA; people and profiles are the demo's,
multiplied.
"""

# ruff: noqa: T201 - what is printed is read by page_contest.py

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cersgroups.cli.application import application
from cersgroups.cli.demo_site import ADA, fill, wait
from cersgroups.cli.demo_table import demo_profiles
from cersgroups.cli.serve import prepare
from cersgroups.cli.worker_keeper import kept_worker
from cersgroups.core.permission import Actor
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from cersgroups.sources.demo_oneroster import pack_oneroster
from tests.bench.district import AS_OF
from tests.bench.page import Ids

PROFILES, PEOPLE, EXTRACTS = 100, 60, 12
ON_A_PAGE = 100
ASKED_ABOUT = 100
LONG_LIST = 10_000
"""So many courses and student groups are added to the roster."""


def main(roster: Path) -> None:
    export = roster.with_name("export.zip")
    pack_oneroster(export, roster, "1.1")
    lengthen(roster)
    with TemporaryDirectory() as folder, application():
        prepare()
        snapshot = write_snapshot(RosterFolder(roster), Path(folder) / "snapshot", source="bench")
        (Path(folder) / "profiles").mkdir()
        profiles = demo_profiles(snapshot, Path(folder))
        day = date.fromisoformat(AS_OF)
        with kept_worker() as running:
            fill(roster, snapshot, profiles, day, running, lambda _what, _share: None)
            print(json.dumps(asdict(_more(day, export, running, _students(roster)))))


def lengthen(roster: Path) -> None:
    """Add courses, each with a section, and student groups, each with a student: lists as long as features D10 asks.

    And a finding with as many rows as there are students: as many members of student groups whom nobody knows.
    """
    strangers = sum(1 for _ in (roster / "students.csv").open("rb")) - 1
    school = _last(roster / "sections.csv")["school_id"]
    section, course = _last(roster / "sections.csv"), _last(roster / "courses.csv")
    group, member = _last(roster / "student_groups.csv"), _last(roster / "group_members.csv")
    codes = [f"X{n:05d}" for n in range(LONG_LIST)]
    _append(roster / "courses.csv", course, [{"course_id": code, "title": f"Elective {code}"} for code in codes])
    of_school = {"school_id": school}
    _append(
        roster / "sections.csv",
        section,
        [of_school | {"section_number": code, "course_id": code} for code in codes],
    )
    clubs = [{"group_code": code, "name": f"Club {code}", "confidential": "", "expires_on": ""} for code in codes]
    _append(roster / "student_groups.csv", group, clubs)
    _append(roster / "group_members.csv", member, [{"group_code": code} for code in codes])
    _append(roster / "group_members.csv", member, [{"student_id": f"stranger {n}"} for n in range(strangers)])


def _last(table: Path) -> dict[str, str]:
    lines = table.read_text(encoding="utf-8").splitlines()
    head, row = csv.reader([lines[0], lines[-1]])
    return dict(zip(head, row, strict=True))


def _append(table: Path, row: Mapping[str, str], changes: Iterable[Mapping[str, str]]) -> None:
    """So many rows like this one, each with its changes."""
    with table.open("a", encoding="utf-8") as file:
        for changed in changes:
            file.write(",".join(f'"{value}"' for value in {**row, **changed}.values()) + "\n")


def _students(roster: Path) -> list[list[str]]:
    """SSID and student ID of students from all over the roster."""
    with (roster / "students.csv").open(encoding="utf-8", newline="") as file:
        rows = [[row["ssid"], row["student_id"]] for row in csv.DictReader(file) if row["ssid"]]
    return rows[:: max(1, len(rows) // ASKED_ABOUT)]


def _more(day: date, export: Path, running: Any, students: list[list[str]]) -> Ids:
    from cersgroups.actions.actor import actor_for, memberships_of
    from cersgroups.actions.draft import open_draft
    from cersgroups.actions.extract import create_extracts, extract_findings
    from cersgroups.actions.options import offer
    from cersgroups.actions.person import invite
    from cersgroups.actions.profile import duplicate_profile, visible_profiles
    from cersgroups.actions.snapshot import current_record, snapshot_findings
    from cersgroups.records.extract import Extract
    from cersgroups.records.person import Person
    from cersgroups.records.scope import lea_scope
    from cersgroups.web.draft_content import content_of
    from tests.bench.page_history import connect_source, fail_export, fill_log

    person = Person.objects.get(email=ADA.email)
    ada = actor_for(person, memberships_of(person)[0].lea_id)
    with lea_scope(ada.lea_id):
        by_schools = sorted(visible_profiles(ada), key=lambda profile: len(profile.school_ids))
        by_type = {profile.type: profile for profile in by_schools}  # of each type that of the most schools
        small = by_type["student_list"]
        for n in range(PROFILES):
            duplicate_profile(ada, list(by_type.values())[n % len(by_type)].pk, f"Profile {n}")
        for n in range(PEOPLE):
            invite(ada, f"person{n}@demo.example", f"Person {n}", "administer")
        for _ in range(EXTRACTS):
            [extract] = create_extracts(ada, [small.pk], as_of=day)
        wait(running, lambda: Extract.objects.get(pk=extract.pk), "done")
        contents = {type_: content_of(profile.meaning()) for type_, profile in by_type.items()}
        first = Extract.objects.order_by("pk").first()
        assert first is not None
        record = current_record(ada)
        found = (extract_findings(ada, first.pk), snapshot_findings(ada, record.pk))
        rows = [max(findings, key=lambda f: f.count) for findings in found]
        fill_log(ada.lea_id)
        return Ids(
            snapshot=record.pk,
            extract=first.pk,
            person=invite(ada, "last@demo.example", "Last", "viewer").person_id,
            profile=small.pk,
            upload=_upload(ada, first.pk, running),
            source=connect_source(ada, record),
            failed=fail_export(ada, export, running),
            extract_finding=rows[0].code,
            snapshot_finding=rows[1].code,
            last_pages={finding.code: ceil(finding.count / ON_A_PAGE) for finding in rows},
            drafts={type_: open_draft(ada, p.pk, content_of).pk for type_, p in by_type.items()},
            contents=contents,
            lists={
                name: [option[0] for option in offer(ada, name).options]
                for name in ("departments", "additional", "schools")
            },
            students=students,
        )


def _upload(actor: Actor, extract_id: int, running: Any) -> int:
    """By hand, so that CERS's address is not needed; then the ledger holds the groups."""
    from cersgroups.actions.upload import create_upload, mark_uploaded
    from cersgroups.records.upload import Upload

    upload = create_upload(actor, extract_id, by_hand=True)
    wait(running, lambda: Upload.objects.get(pk=upload.pk), "ready")
    mark_uploaded(actor, upload.pk)
    wait(running, lambda: Upload.objects.get(pk=upload.pk), "done")
    return upload.pk


if __name__ == "__main__":
    main(Path(sys.argv[1]))
