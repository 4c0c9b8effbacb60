"""The demo district as OneRoster zips: the files, headers and references that the specification asks for."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from cersgroups.core.error import RequestStop
from cersgroups.sources.demo import District
from cersgroups.sources.demo_course import UNKNOWN_COURSE_ID
from cersgroups.sources.demo_oneroster import VERSIONS, write_oneroster
from tests.sources.demo_rows import Row, Tables, made

HEADERS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,"
    "subjects,subjectCodes",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,"
    "primary,beginDate,endDate",
}
HEADERS_1_1 = HEADERS | {
    "users": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
    "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
}
HEADERS_1_2 = HEADERS | {
    "users": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
    "identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,preferredGivenName,"
    "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns",
    "roles": "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
    "userProfileSourcedId",
}
EXPECTED = {"1.1": HEADERS_1_1, "1.2": HEADERS_1_2}
REQUIRED = {
    "orgs": ("name", "type"),
    "academicSessions": ("title", "type", "startDate", "endDate", "schoolYear"),
    "courses": ("title", "orgSourcedId"),
    "classes": ("title", "courseSourcedId", "classType", "schoolSourcedId", "termSourcedIds"),
    "enrollments": ("classSourcedId", "schoolSourcedId", "userSourcedId", "role"),
    "users": ("enabledUser", "username", "givenName", "familyName"),
    "roles": ("userSourcedId", "roleType", "role", "orgSourcedId"),
}
DISTRICT = District(3000, 4)

Zips = dict[str, Tables]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oneroster")
    for version in VERSIONS:
        write_oneroster(folder / f"{version}.zip", DISTRICT, version)
    return folder


@pytest.fixture(scope="module")
def zips(folder: Path) -> Zips:
    return {version: dict(tables_of(folder / f"{version}.zip")) for version in VERSIONS}


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return made(tmp_path_factory.mktemp("roster") / "roster", DISTRICT.students, DISTRICT.seed)


def tables_of(path: Path) -> Iterator[tuple[str, list[Row]]]:
    with ZipFile(path) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8")
            yield name.removesuffix(".csv"), list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def ids(rows: list[Row], column: str = "sourcedId") -> set[str]:
    return {row[column] for row in rows}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_zip_has_the_files_of_its_version_with_exact_headers(folder: Path, version: str) -> None:
    with ZipFile(folder / f"{version}.zip") as archive:
        assert archive.testzip() is None
        headers = {
            name.removesuffix(".csv"): archive.read(name).decode().splitlines()[0] for name in archive.namelist()
        }
    assert headers.pop("manifest") == "propertyName,value"
    assert headers == EXPECTED[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_manifest_speaks_of_every_known_file(zips: Zips, version: str) -> None:
    manifest = {row["propertyName"]: row["value"] for row in zips[version]["manifest"]}
    assert manifest["manifest.version"] == "1.0"
    assert manifest["oneroster.version"] == version
    files = {name.removeprefix("file."): how for name, how in manifest.items() if name.startswith("file.")}
    assert len(files) == {"1.1": 13, "1.2": 21}[version]
    assert {name for name, how in files.items() if how == "bulk"} == set(EXPECTED[version])
    assert set(files.values()) == {"bulk", "absent"}


def test_the_same_district_gives_the_same_zip(folder: Path, tmp_path: Path) -> None:
    write_oneroster(tmp_path / "again.zip", DISTRICT, "1.2")
    assert (tmp_path / "again.zip").read_bytes() == (folder / "1.2.zip").read_bytes()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", [*HEADERS, "users", "roles"])
def test_bulk_rows_have_an_id_of_their_own_and_no_status(zips: Zips, version: str, name: str) -> None:
    rows = zips[version].get(name, [])
    assert rows or (version, name) == ("1.1", "roles")
    assert len(ids(rows)) == len(rows)
    assert all(re.fullmatch("[A-Za-z0-9._/@-]{1,255}", sourced_id) for sourced_id in ids(rows))
    assert all(not row["status"] and not row["dateLastModified"] for row in rows)
    for column in REQUIRED[name]:
        assert all(row[column] for row in rows), column


@pytest.mark.parametrize("version", VERSIONS)
def test_references_resolve_except_the_unknown_course(zips: Zips, version: str) -> None:
    files = zips[version]
    orgs, users = ids(files["orgs"]), ids(files["users"])
    sessions = ids(files["academicSessions"])
    assert ids(files["enrollments"], "classSourcedId") <= ids(files["classes"])
    assert ids(files["enrollments"], "userSourcedId") <= users
    assert ids(files["classes"], "schoolSourcedId") | ids(files["enrollments"], "schoolSourcedId") <= orgs
    assert ids(files["classes"], "courseSourcedId") - ids(files["courses"]) == {UNKNOWN_COURSE_ID}
    assert {t for row in files["classes"] for t in row["termSourcedIds"].split(",")} <= sessions
    assert ids(files["courses"], "schoolYearSourcedId") <= sessions
    assert ids(files["orgs"], "parentSourcedId") - {""} <= orgs


def test_in_1_1_users_have_one_role_and_their_schools(zips: Zips) -> None:
    users = zips["1.1"]["users"]
    assert ids(users, "role") == {"student", "teacher", "aide"}
    orgs = {org for user in users for org in user["orgSourcedIds"].split(",")}
    assert orgs <= ids(zips["1.1"]["orgs"])


def test_in_1_2_roles_say_where_and_until_when(zips: Zips) -> None:
    roles = zips["1.2"]["roles"]
    assert ids(roles, "userSourcedId") == ids(zips["1.2"]["users"])
    assert ids(roles, "orgSourcedId") <= ids(zips["1.2"]["orgs"])
    primary = [row["userSourcedId"] for row in roles if row["roleType"] == "primary"]
    assert len(primary) == len(set(primary)) == len(zips["1.2"]["users"])
    assert any(row["endDate"] for row in roles if row["role"] == "student")


def test_roles_of_a_class_are_those_of_the_version(zips: Zips) -> None:
    assert ids(zips["1.1"]["enrollments"], "role") == {"student", "teacher", "aide"}
    assert ids(zips["1.2"]["enrollments"], "role") == {"student", "teacher"}
    for row in zips["1.1"]["enrollments"]:
        assert (row["primary"] in ("true", "false")) == (row["role"] == "teacher")


@pytest.mark.parametrize("version", VERSIONS)
def test_ends_are_one_day_after_the_last_day(zips: Zips, roster: Tables, version: str) -> None:
    last_days = {f"{t['school_id']}_{t['term_code']}": t["end_date"] for t in roster["terms"]}
    sessions = {s["sourcedId"]: s["endDate"] for s in zips[version]["academicSessions"]}
    year_end = sessions.pop("SY2027")
    assert (last_days["101_Y"], sessions["101_Y"], year_end) == ("2027-06-03", "2027-06-04", "2027-06-04")
    assert all(sessions[term] > last_days[term] for term in sessions)


@pytest.mark.parametrize("version", VERSIONS)
def test_schools_are_named_by_cds_code_students_by_ssid_and_staff_by_seid(
    zips: Zips, roster: Tables, version: str
) -> None:
    schools = {o["sourcedId"]: o["identifier"] for o in zips[version]["orgs"] if o["type"] == "school"}
    assert schools == {s["school_id"]: s["cds_code"] for s in roster["schools"] if s["active"] == "true"}
    user_ids = {user["sourcedId"]: user["userIds"] for user in zips[version]["users"]}
    student = roster["students"][0]
    assert user_ids[student["student_id"]] == f"{{SSID:{student['ssid']}}}"
    teacher = roster["staff"][0]
    assert user_ids[teacher["staff_id"]] == f"{{SEID:{teacher['state_educator_id']}}}"
    assert not any(re.fullmatch("[0-9]{10}", user["identifier"]) for user in zips[version]["users"])


@pytest.mark.parametrize("version", VERSIONS)
def test_every_homeroom_is_a_class_with_its_teacher_and_students(zips: Zips, roster: Tables, version: str) -> None:
    homerooms = {c["sourcedId"] for c in zips[version]["classes"] if c["classType"] == "homeroom"}
    rooms = {
        f"{e['school_id']}_HR{e['homeroom_teacher_number']}": e["student_id"]
        for e in roster["enrollments"]
        if e["homeroom_teacher_number"] and e["active"] == "true"
    }
    assert homerooms == set(rooms)
    enrolled = {(e["classSourcedId"], e["userSourcedId"]) for e in zips[version]["enrollments"]}
    assert set(rooms.items()) <= enrolled
    taught = {e["classSourcedId"] for e in zips[version]["enrollments"] if e["primary"] == "true"}
    assert homerooms <= taught


@pytest.mark.parametrize("version", VERSIONS)
def test_sections_keep_their_number_period_terms_and_subject(zips: Zips, roster: Tables, version: str) -> None:
    classes = {c["sourcedId"]: c for c in zips[version]["classes"] if c["classType"] == "scheduled"}
    areas = {c["course_id"]: c["subject_area"] for c in roster["courses"]}
    active = [s for s in roster["sections"] if s["active"] == "true"]
    assert len(active) == len(classes) < len(roster["sections"])
    for section in active:
        school_id = section["school_id"]
        row = classes[f"{school_id}_{section['section_number']}"]
        assert row["classCode"] == section["section_number"]
        assert row["periods"] == section["period"]
        assert row["termSourcedIds"].replace(f"{school_id}_", "").replace(",", "|") == section["term_code"]
        assert row["subjects"] == areas.get(section["course_id"], "")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_roster_row_of_a_student_who_came_is_an_enrollment(zips: Zips, roster: Tables, version: str) -> None:
    came = {e["student_id"] for e in roster["enrollments"] if e["active"] == "true"}
    active = {(s["school_id"], s["section_number"]) for s in roster["sections"] if s["active"] == "true"}
    expected = sum(
        row["student_id"] in came and (row["school_id"], row["section_number"]) in active for row in roster["rosters"]
    )
    written = sum(
        row["role"] == "student" and "_HR" not in row["classSourcedId"] for row in zips[version]["enrollments"]
    )
    assert written == expected > 15_000


def test_a_path_that_exists_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_text("mine")
    with pytest.raises(RequestStop, match="exists already"):
        write_oneroster(tmp_path / "mine.zip", DISTRICT, "1.1")
    assert (tmp_path / "mine.zip").read_text() == "mine"


def test_an_interrupted_run_leaves_no_zip(tmp_path: Path) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_oneroster(tmp_path / "new.zip", DISTRICT, "1.1", interrupt)
    assert not list(tmp_path.iterdir())
