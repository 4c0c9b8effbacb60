"""Extracts: asked for, read, downloaded; what is read of students is in the audit log."""

from datetime import date
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cersgroups.actions.audit import visible_entries
from cersgroups.actions.extract import (
    can_download,
    create_extracts,
    download_extract,
    extract_findings,
    find_extract,
    read_finding_rows,
)
from cersgroups.actions.profile import create_profile
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop
from cersgroups.records.extract import Extract, ExtractFinding
from cersgroups.records.scope import lea_scope
from tests.people import People
from tests.profiles import CLASSES, GRADES
from tests.roster import give_roster

FINDINGS = "code,severity,message,school_id,table,key,value,note\nname_cut,info,,30,,{},,\n"


@pytest.fixture
def ready(people: People, stored_snapshot: Path) -> People:
    give_roster(people.lea_id, stored_snapshot)
    return people


def done(people: People, extract: Extract) -> None:
    """As if the job had been done."""
    with lea_scope(people.lea_id):
        Extract.objects.filter(pk=extract.pk).update(state="done", files=["extract-1.csv"])
        ExtractFinding.objects.create(lea_id=people.lea_id, extract=extract, code="name_cut", count=1)
        ExtractFinding.objects.create(lea_id=people.lea_id, extract=extract, code="student_without_ssid", count=3)
    extract.folder.mkdir()
    (extract.folder / "extract-1.csv").write_text("a file")
    (extract.folder / "findings.csv").write_text(
        FINDINGS.format("g1") + "student_without_ssid,warning,,30,students,S1,,\n" * 3, encoding="utf-8-sig"
    )


def actions_of(people: People) -> list[tuple[str, str]]:
    with lea_scope(people.lea_id):
        return [(entry.actor_email, entry.action) for entry in visible_entries(people.ada)]


def test_an_extract_and_its_job_come_together(ready: People) -> None:
    ids = [create_profile(ready.alma, content).pk for content in (CLASSES, GRADES)]
    extracts = create_extracts(ready.alma, ids, as_of=date(2026, 11, 23))
    assert [(e.name, e.state, e.school_ids) for e in extracts] == [
        ("Classes", "queued", ["10", "20"]),
        ("Grades", "queued", ["30"]),
    ]
    jobs = ProcrastinateJob.objects.filter(task_name="build_extract").order_by("id")
    assert [job.args for job in jobs] == [{"lea_id": ready.lea_id, "extract_id": e.pk} for e in extracts]


def test_a_profile_chosen_twice_counts_once(ready: People) -> None:
    profile = create_profile(ready.alma, GRADES)
    assert len(create_extracts(ready.alma, [profile.pk, profile.pk])) == 1


def test_one_profile_that_is_not_ones_own_stops_all_of_them(ready: People) -> None:
    mine, others = create_profile(ready.alma, GRADES), create_profile(ready.ada, GRADES)
    with pytest.raises(PermissionRefused, match="it belongs to somebody else"):
        create_extracts(ready.alma, [mine.pk, others.pk])
    with lea_scope(ready.lea_id):
        assert not Extract.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="build_extract").exists()


def test_without_a_profile_or_a_roster_nothing_is_made(people: People, stored_snapshot: Path) -> None:
    profile = create_profile(people.alma, GRADES)
    with pytest.raises(RequestStop, match="There is no roster yet"):
        create_extracts(people.alma, [profile.pk])
    give_roster(people.lea_id, stored_snapshot)
    with pytest.raises(RequestStop, match="No profile is chosen"):
        create_extracts(people.alma, [])


def test_a_profile_of_another_school_year_is_refused(ready: People) -> None:
    profile = create_profile(ready.alma, {**GRADES, "school_year": 2026})
    with pytest.raises(RequestStop, match="is of school year 2025-26, but the roster is of 2026-27"):
        create_extracts(ready.alma, [profile.pk])


def test_a_download_gives_the_path_and_is_in_the_audit_log(ready: People) -> None:
    [extract] = create_extracts(ready.alma, [create_profile(ready.alma, GRADES).pk])
    done(ready, extract)
    assert download_extract(ready.alma, extract.pk, "extract-1.csv").read_text() == "a file"
    assert actions_of(ready)[0] == ("alma@live-oak.example", "download")


@pytest.mark.parametrize("name", ["", "extract-2.csv", "../../../secret_key", "/etc/passwd", "extract-1.csv/", "."])
def test_only_its_own_files_are_given_out(ready: People, name: str) -> None:
    [extract] = create_extracts(ready.alma, [create_profile(ready.alma, GRADES).pk])
    done(ready, extract)
    with pytest.raises(NotThere):
        download_extract(ready.alma, extract.pk, name)
    assert "download" not in [action for _, action in actions_of(ready)]


def test_a_viewer_reads_the_findings_of_all_and_downloads_nothing(ready: People) -> None:
    [extract] = create_extracts(ready.alma, [create_profile(ready.alma, GRADES).pk])
    done(ready, extract)
    with lea_scope(ready.lea_id):
        codes = [finding.code for finding in extract_findings(ready.vera, extract.pk)]
        assert not can_download(ready.vera, extract)
    assert codes == ["student_without_ssid", "name_cut"]
    for name in ("extract-1.csv", "findings.csv"):
        with pytest.raises(PermissionRefused):
            download_extract(ready.vera, extract.pk, name)


def test_reading_the_rows_of_a_finding_is_in_the_audit_log(ready: People) -> None:
    [extract] = create_extracts(ready.alma, [create_profile(ready.alma, GRADES).pk])
    done(ready, extract)
    rows = read_finding_rows(ready.vera, extract.pk, "student_without_ssid", start=1, limit=5)
    assert [row["key"] for row in rows] == ["S1", "S1"]
    assert actions_of(ready)[0] == ("vera@live-oak.example", "read finding")


def test_what_a_scheduled_run_made_is_nobodys_own(ready: People) -> None:
    [extract] = create_extracts(ready.ada, [create_profile(ready.ada, GRADES).pk])
    done(ready, extract)
    with lea_scope(ready.lea_id):
        Extract.objects.update(created_by=None)
        for name in ("alma", "sam"):
            with pytest.raises(PermissionRefused):
                find_extract(ready.by_name(name), extract.pk)
    with pytest.raises(PermissionRefused):
        download_extract(ready.alma, extract.pk, "extract-1.csv")
    assert download_extract(ready.ada, extract.pk, "extract-1.csv").is_file()
