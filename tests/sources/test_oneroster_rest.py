"""OneRoster by REST gives what the same district gives by CSV, and speaks of the server."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.profile import from_mapping
from cersgroups.engine.extract import build
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from cersgroups.sources.demo import District
from cersgroups.sources.demo_oneroster import VERSIONS, write_oneroster
from cersgroups.sources.live import Target
from cersgroups.sources.mapping import Mapping
from cersgroups.sources.oneroster_layout import Version
from cersgroups.sources.oneroster_rest import ONEROSTER_REST
from cersgroups.sources.roster import OpenedRoster, open_roster
from cersgroups.sources.tally import Tally
from tests.sources.oneroster_files import Files, export, row_of, texts, write_folder
from tests.sources.oneroster_rest_reading import AS_OF, Fetched, checked, fetched, fetched_beside, server
from tests.sources.oneroster_server import OneRosterServer

SMALL: list[Version] = ["1.1", "1.2"]
ONE_EACH: list[dict[str, Any]] = [
    {"type": "classes", "name_pattern": "teacher_period"},
    {"type": "elementary_teacher"},
    {"type": "grade"},
    {"type": "counselor"},
    {"type": "student_group"},
    {"type": "student_list", "list": {"name": "Some", "students": ["2000002", "2000003", "2000018", "2000121"]}},
]
"""A profile of each type; OneRoster has no counselors and no student groups, by whatever way."""


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_demo_district_gives_the_same_roster_by_rest_and_by_csv(tmp_path: Path, version: str) -> None:
    roster, by_csv = by_both(tmp_path, version)
    assert contents(roster.folder) == contents(by_csv.folder)
    assert roster.findings.keys() == {finding.code for finding in by_csv.findings}


@pytest.mark.thorough  # the rosters are equal, as the test above shows, so that the extracts can hardly differ
@pytest.mark.parametrize("version", VERSIONS)
def test_the_demo_district_builds_the_same_extracts_by_rest_and_by_csv(tmp_path: Path, version: str) -> None:
    roster, by_csv = by_both(tmp_path, version)
    schools = [row["school_id"] for row in roster.rows("schools")]
    rest = extracts(tmp_path / "rest", RosterFolder(roster.folder, ONEROSTER_REST.labels), schools)
    csv = extracts(tmp_path / "csv", RosterFolder(by_csv.folder, by_csv.labels), schools)
    assert rest == csv
    assert [bool(files) for files in rest] == [True, True, True, False, False, True]


def by_both(tmp_path: Path, version: str) -> tuple[Fetched, OpenedRoster]:
    write_oneroster(tmp_path / "export.zip", District(1000, 4), version)
    with OneRosterServer(tmp_path / "export.zip", links=version == "1.2") as served:
        roster = fetched(tmp_path, served, limit="700")
    return roster, open_roster(tmp_path / "export.zip", tmp_path / "work")


def extracts(place: Path, roster: RosterFolder, schools: list[str]) -> list[list[bytes]]:
    """The files of an extract of each type."""
    snapshot = write_snapshot(roster, place, source="test")
    found = []
    for number, kind in enumerate(ONE_EACH):
        profile = from_mapping({"name": "P", "school_year": 2027, "subject": "All", "schools": schools, **kind})
        (folder := place.with_name(f"{place.name}-{number}")).mkdir()
        found.append([file.read_bytes() for file in build(snapshot, [profile], AS_OF, folder).files])
    return found


@pytest.mark.parametrize("version", SMALL)
def test_only_what_is_needed_is_asked_for_and_nothing_stays_behind(tmp_path: Path, version: Version) -> None:
    with server(tmp_path, version=version) as served:
        roster = fetched(tmp_path, served)
        asked = {path.partition("?")[0].rpartition("/")[2] for path in served.asked}
    assert asked == {"orgs", "academicSessions", "courses", "classes", "users", "enrollments"}
    assert {path.suffix for path in roster.folder.rglob("*")} == {".csv"}
    shares = [share for _, share in roster.told]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    assert "users: 5 of 5" in {what for what, _ in roster.told}


@pytest.mark.parametrize("method", ["HMAC-SHA1", "HMAC-SHA256"])
def test_a_1_1_server_may_want_signed_requests(tmp_path: Path, method: str) -> None:
    with server(tmp_path, sign_in=method) as served:
        assert fetched(tmp_path, served, limit="2").ids("students", "student_id") == ["ST1", "ST2", "ST3"]
        assert all(line.ok for line in checked(served).values())
        refused = checked(served, client_secret="another")  # noqa: S106 - wrong on purpose
        assert "the server answers 401" in refused["orgs"].sentence


def test_a_server_behind_a_balancer_gets_its_cookie_back(tmp_path: Path) -> None:
    with server(tmp_path, cookie_wanted=True) as served:
        assert fetched(tmp_path, served).ids("students", "student_id") == ["ST1", "ST2", "ST3"]


def test_the_mapping_is_that_of_files(tmp_path: Path) -> None:
    def moved(files: Files) -> None:
        for row in files["users"]:
            row["metadata.state"] = row["userIds"].partition(":")[2].partition("}")[0]
            row["userIds"] = ""
        for row in files["orgs"]:
            row["metadata.cdsCode"], row["identifier"] = row.get("identifier", ""), row["sourcedId"]

    mapping = 'ssid = "metadata.state"\ncds = "metadata.CDScode"\nend_date = "inclusive"'
    with server(tmp_path, moved) as served:
        roster = fetched(tmp_path, served, mapping=mapping)
    assert roster.ids("students", "ssid") == ["2000000001", "2000000002", "2000000003"]
    assert roster.ids("schools", "cds_code") == ["37683380000100", "37683380000994"]
    assert ("S1", "2026-12-19") in {(row["term_code"], row["end_date"]) for row in roster.rows("terms")}
    files = export()
    moved(files)
    folder = write_folder(tmp_path / "csv", texts(files))
    by_csv = open_roster(
        folder, tmp_path / "work", Mapping("metadata.state", None, "metadata.CDScode", None, "inclusive")
    )
    assert contents(by_csv.folder) == contents(roster.folder)


def test_what_cannot_be_found_by_counting_is_asked_with_the_counts(tmp_path: Path) -> None:
    def without(files: Files) -> None:
        for row in files["users"]:
            row["userIds"] = ""

    with server(tmp_path, without) as served, pytest.raises(DataStop) as stop:
        fetched(tmp_path, served)
    assert str(stop.value).startswith("OneRoster: no place can hold the SSID (10 digits) of the 3 students.")
    assert str(tmp_path) not in str(stop.value)


def without_cds(files: Files) -> None:
    for row in files["orgs"]:
        row["identifier"] = ""


def test_cds_codes_that_no_server_tells_can_be_entered(tmp_path: Path) -> None:
    codes = " 994 = 37683380000994\n\n100=37683380000100 "
    with server(tmp_path, without_cds) as served:
        roster = fetched(tmp_path, served, cds_codes=codes)
        assert {row["school_id"]: row["cds_code"] for row in roster.rows("schools")} == {
            "994": "37683380000994",
            "100": "37683380000100",
        }
        with pytest.raises(DataStop, match="no place can hold the CDS"):
            fetched(tmp_path, served)
        assert fetched_beside(tmp_path, served, frozenset({"cds"})).findings["oneroster_cds_missing"].count == 2


def test_what_the_server_has_deleted_is_left_out_with_a_count_and_schools_become_inactive(tmp_path: Path) -> None:
    def deleted(files: Files) -> None:
        for name, key in (("users", "ST2"), ("enrollments", "E3"), ("orgs", "100")):
            row_of(files, name, key)["status"] = "tobedeleted"

    with server(tmp_path, deleted) as served:
        roster = fetched(tmp_path, served)
    assert roster.ids("students", "student_id") == ["ST1", "ST3"]
    assert {row["school_id"]: row["active"] for row in roster.rows("schools")} == {"994": "true", "100": "false"}
    assert roster.values("oneroster_inactive") == [("orgs", "", ""), ("users", "", ""), ("enrollments", "", "")]
    assert "oneroster_status_filled" not in roster.findings


def test_findings_and_stops_speak_of_collections_and_sourced_ids(tmp_path: Path) -> None:
    def odd(files: Files) -> None:
        row_of(files, "users", "ST3")["grades"] = "UG"
        row_of(files, "enrollments", "E3")["classSourcedId"] = "gone"

    with server(tmp_path, odd) as served:
        roster = fetched(tmp_path, served)
    assert roster.values("oneroster_grade_unknown") == [("users", "ST3", "UG")]
    assert roster.values("oneroster_enrollment_unknown_class") == [("enrollments", "E3", "gone")]
    assert not any(row.note for finding in roster.findings.values() for row in finding.rows)

    def wrong(files: Files) -> None:
        row_of(files, "academicSessions", "S1")["endDate"] = "soon"

    with server(tmp_path, wrong) as served, pytest.raises(DataStop) as stop:
        fetched(tmp_path, served)
    assert str(stop.value).startswith("OneRoster: academicSessions, sourcedId 'S1': endDate is 'soon'")


def test_a_roster_of_another_school_year_is_told(tmp_path: Path) -> None:
    with server(tmp_path) as served:
        assert "oneroster_other_school_year" not in fetched(tmp_path, served).findings
        folder = tmp_path / "next"
        folder.mkdir()
        tally = Tally()
        complete = ONEROSTER_REST.complete(served.settings())
        ONEROSTER_REST.fetch(complete, Target(date(2027, 9, 1), folder, tally))
        assert [finding.code for finding in tally.findings()][-1] == "oneroster_other_school_year"
        year = {line.what: line for line in ONEROSTER_REST.check(complete, date(2027, 9, 1))}["School year"]
        assert not year.ok
        assert "no session is of 2027-2028, only of 2026-2027" in year.sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": "1.2"}, "base address is of version 1.1"),
        ({"token_address": ""}, "Token address is missing"),
        ({"token_address": "http://elsewhere.example/token"}, "Token address: .* is not encrypted"),
        ({"base_address": "https://a.example/ims?key=1"}, "Base address: "),
        ({"limit": "0"}, "Rows per request: enter a whole number"),
        ({"limit": "many"}, "Rows per request: enter a whole number"),
        ({"mapping": 'ssid = "somewhere"'}, "Mapping: .*ssid is 'somewhere', which is no place"),
        ({"cds_codes": "994 3768338"}, "CDS codes: .*is no school and code"),
        ({"cds_codes": "994=37683380000994\n994=37683380000100"}, "CDS codes: .*twice"),
        ({"cds_codes": "994=37683380000994", "mapping": 'cds = "identifier"'}, "Clear one of the two"),
        ({"client_secret": ""}, "Client secret is missing"),
        ({"sign_in": "OAuth 1 (HMAC-SHA1)", "version": "1.2", "base_address": "https://a.example"}, "knows no OAuth 1"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    with server(tmp_path) as served, pytest.raises(RequestStop, match=sentence):
        ONEROSTER_REST.complete(served.settings(**changes))
