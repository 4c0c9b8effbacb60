"""The demo district is a roster as design.md has it, with the faults its docstring names and no others."""

import re
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cersgroups.core.error import RequestStop
from cersgroups.core.names import token
from cersgroups.core.roster import GRADES, SCHEDULES, TABLES
from cersgroups.sources.demo import District, drafts, write_roster
from cersgroups.sources.demo_course import UNKNOWN_COURSE_ID
from cersgroups.sources.demo_school import schools
from tests.sources.demo_rows import Row, Tables, keys, made

NOBODY = "999999"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return made(tmp_path_factory.mktemp("demo") / "roster", 5000)


def of_schedule(demo: Tables, table: str, schedule: str) -> list[Row]:
    schools = {s["school_id"] for s in demo["schools"] if s["schedule"] == schedule}
    return [row for row in demo[table] if row["school_id"] in schools]


def digest(folder: Path) -> str:
    return sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()


# The same district again


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("once", "again"):
        write_roster(tmp_path / name, District(700, seed=5))
    assert digest(tmp_path / "once") == digest(tmp_path / "again")


def test_another_seed_gives_another_district(tmp_path: Path) -> None:
    for seed in (5, 6):
        write_roster(tmp_path / str(seed), District(700, seed))
    for table in ("schools", "staff", "students", "rosters", "lea"):
        assert (tmp_path / "5" / f"{table}.csv").read_bytes() != (tmp_path / "6" / f"{table}.csv").read_bytes()


# The tables


def test_every_table_is_a_file_with_its_columns_in_order(tmp_path: Path) -> None:
    write_roster(tmp_path / "roster", District(50))
    assert {path.name for path in (tmp_path / "roster").iterdir()} == {f"{name}.csv" for name in TABLES}
    for name, table in TABLES.items():
        head = (tmp_path / "roster" / f"{name}.csv").read_bytes().split(b"\n")[0]
        assert head.decode() == ",".join(table.column_names)


def test_the_counts_are_those_of_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    counts = write_roster(folder, District(1000, 3))
    for name in TABLES:
        assert counts.rows[name] == len((folder / f"{name}.csv").read_text().splitlines()) - 1, name


@pytest.mark.parametrize("name", TABLES)
def test_no_two_rows_have_one_key(demo: Tables, name: str) -> None:
    assert demo[name]
    assert len(keys(demo[name], *TABLES[name].key)) == len(demo[name])


@pytest.mark.parametrize("name", TABLES)
def test_required_cells_are_filled(demo: Tables, name: str) -> None:
    for column in TABLES[name].required_names:
        assert all(row[column] for row in demo[name]), column


def _is_date(cell: str) -> bool:
    return date.fromisoformat(cell).isoformat() == cell


CELL_TESTS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "boolean": lambda cell: cell in ("true", "false"),
    "integer": str.isdecimal,
    "list": lambda cell: all(cell.split("|")),
    "grade": lambda cell: cell in (*GRADES, "UG"),
    "text": lambda cell: cell == cell.strip(),
}


@pytest.mark.parametrize("name", TABLES)
def test_cells_are_of_their_column_and_have_no_control_characters(demo: Tables, name: str) -> None:
    for column in TABLES[name].columns:
        cells = {row[column.name] for row in demo[name]} - {""}
        assert [cell for cell in cells if not CELL_TESTS[column.kind](cell) or not cell.isprintable()] == []
        assert not column.choices or cells <= set(column.choices)


@pytest.mark.parametrize("name", ["terms", "teachers", "sections", "section_staff", "enrollments", "rosters"])
def test_rows_stand_school_by_school(demo: Tables, name: str) -> None:
    schools = [row["school_id"] for row in demo[name]]
    assert schools == sorted(schools, key=int)


# References


def test_what_belongs_to_a_school_names_one(demo: Tables) -> None:
    known = {row["school_id"] for row in demo["schools"]}
    for name, table in TABLES.items():
        if "school_id" in table.column_names:
            assert {row["school_id"] for row in demo[name]} <= known | {""}
    assert {school for row in demo["staff"] for school in row["school_ids"].split("|")} <= known


def test_rosters_and_section_staff_name_sections(demo: Tables) -> None:
    sections = keys(demo["sections"], "school_id", "section_number")
    assert keys(demo["rosters"], "school_id", "section_number") <= sections
    assert keys(demo["section_staff"], "school_id", "section_number") == sections


def test_sections_name_courses_except_the_deliberate_fault(demo: Tables) -> None:
    used = {row["course_id"] for row in demo["sections"]}
    assert used - {row["course_id"] for row in demo["courses"]} == {UNKNOWN_COURSE_ID}


def test_sections_name_terms_of_their_school(demo: Tables) -> None:
    terms = keys(demo["terms"], "school_id", "term_code")
    named = {(row["school_id"], code) for row in demo["sections"] for code in row["term_code"].split("|")}
    assert named - terms == set()


def test_people_named_exist(demo: Tables) -> None:
    staff = keys(demo["staff"], "staff_id") | {("",)}
    teachers = keys(demo["teachers"], "school_id", "teacher_number")
    for table in ("teachers", "section_staff", "group_staff"):
        assert keys(demo[table], "staff_id") <= staff
    named = keys(demo["section_staff"], "school_id", "teacher_number")
    named |= keys(demo["enrollments"], "school_id", "homeroom_teacher_number")
    assert {key for key in named if key[1]} <= teachers


def test_counselors_are_teacher_records_or_at_the_flex_school_staff(demo: Tables) -> None:
    teachers = keys(demo["teachers"], "school_id", "teacher_number")
    staff = {row["staff_id"] for row in demo["staff"]}
    middle = keys(of_schedule(demo, "enrollments", "master"), "school_id", "counselor_id")
    assert {key for key in middle if key[1] != NOBODY} <= teachers
    high = {row["counselor_id"] for row in of_schedule(demo, "enrollments", "flex")}
    assert high - {NOBODY} <= staff
    assert "" not in high


def test_one_counselor_of_each_secondary_school_is_nobody(demo: Tables) -> None:
    students = keys((r for r in demo["enrollments"] if r["counselor_id"] == NOBODY), "student_id")
    assert len(students) == sum(s["schedule"] in ("master", "flex") for s in demo["schools"])


def test_students_named_exist_and_sit_in_sections_of_their_school(demo: Tables) -> None:
    students = keys(demo["students"], "student_id")
    assert keys(demo["enrollments"], "student_id") == students
    assert keys(demo["group_members"], "student_id") <= students
    enrolled = keys(demo["enrollments"], "student_id", "school_id")
    assert keys(demo["rosters"], "student_id", "school_id") <= enrolled


def test_members_and_staff_of_groups_name_groups(demo: Tables) -> None:
    groups = keys(demo["student_groups"], "group_code")
    assert keys(demo["group_members"], "group_code") | keys(demo["group_staff"], "group_code") <= groups


# Students


@settings(max_examples=40, deadline=None)
@given(students=st.integers(50, 2500), seed=st.integers())
def test_there_are_exactly_so_many_students_each_enrolled(students: int, seed: int) -> None:
    written: list[str] = []
    enrolled: set[str] = set()
    for draft in drafts(District(students, seed)):
        written += [line.split(",")[0] for line in draft.lines["students"]]
        enrolled |= {line.split(",")[0] for line in draft.lines["enrollments"]}
    assert len(written) == students
    assert set(written) == enrolled


def test_few_ssids_are_missing_or_malformed_and_no_valid_one_comes_twice(tmp_path: Path) -> None:
    ssids = [row["ssid"] for row in made(tmp_path / "roster", 20_000)["students"]]
    valid = [ssid for ssid in ssids if re.fullmatch("[0-9]{10}", ssid)]
    assert len(set(valid)) == len(valid)
    assert 0.003 < ssids.count("") / len(ssids) < 0.007
    assert 0 < len(ssids) - len(valid) - ssids.count("") < 0.003 * len(ssids)


def test_the_eighteenth_student_has_no_known_grade(demo: Tables) -> None:
    odd = [row["student_id"] for row in demo["enrollments"] if row["grade"] not in GRADES]
    assert demo["students"][17]["student_id"] in odd
    assert len(set(odd)) <= 2


def test_grades_are_those_of_the_school(demo: Tables) -> None:
    assert {r["grade"] for r in of_schedule(demo, "enrollments", "master")} <= {"06", "07", "08", "UG"}
    assert {r["grade"] for r in of_schedule(demo, "enrollments", "flex")} <= {"09", "10", "11", "12", "UG"}
    assert {"TK", "KG"} <= {r["grade"] for r in of_schedule(demo, "enrollments", "elementary")}


def test_some_students_left_came_late_never_came_or_are_enrolled_twice(demo: Tables) -> None:
    stays = demo["enrollments"]
    assert any(stay["end_date"] for stay in stays)
    assert any(stay["start_date"] > "2026-09-01" for stay in stays)
    assert any(stay["active"] == "false" for stay in stays)
    schools = Counter(student for student, _ in keys(stays, "student_id", "school_id"))
    assert 2 in schools.values()
    assert max(Counter(stay["student_id"] for stay in stays).values()) == 2


def test_no_row_ends_before_it_starts(demo: Tables) -> None:
    for name in ("terms", "enrollments", "rosters", "section_staff"):
        assert all(row["start_date"] <= row["end_date"] for row in demo[name] if row["end_date"])


def test_names_are_of_many_origins(demo: Tables) -> None:
    last = {row["last_name"] for row in demo["students"]}
    assert {"Nguyễn", "Vang", "Núñez", "De La Cruz", "Petrosyan", "Tesfaye", "Соколова"} <= last
    assert any("'" in name for name in last)
    assert any("-" in name for name in last)
    assert any(name.count(" ") == 1 and name.startswith("García ") for name in last)


# Schools and terms


@pytest.mark.parametrize("students", [300, 5000])
def test_every_kind_of_schedule_and_an_inactive_school_are_there(tmp_path: Path, students: int) -> None:
    schools = made(tmp_path / "roster", students)["schools"]
    assert {s["schedule"] for s in schools if s["active"] == "true"} == set(SCHEDULES)
    assert [s["active"] for s in schools].count("false") == 1
    assert {s["tracks_primary_classes"] for s in schools if s["schedule"] == "flex"} == {"true"}


def test_school_ids_numbers_and_cds_codes_are_unique_in_a_whole_state() -> None:
    plan = schools(5_800_000, 1)
    assert sum(school.size for school in plan) == 5_800_000
    assert 8_000 < len({school.school_id for school in plan}) == len(plan) < 12_000
    codes = [school.cds_code for school in plan if school.cds_code]
    assert len(set(codes)) == len(codes) == len(plan) - 1
    assert all(re.fullmatch("99[0-9]{12}", code) for code in codes)


def test_schools_of_a_large_district_have_usual_sizes() -> None:
    usual = {
        "elementary": (400, 600),
        "elementary_master": (400, 600),
        "master": (600, 900),
        "flex": (1200, 2200),
    }
    for school in schools(100_000, 2):
        least, most = usual[school.schedule]
        assert not school.active or least <= school.size <= most


@pytest.mark.parametrize("day", ["2026-11-23", "2027-04-15"])
def test_every_active_school_is_live_on_a_school_day(demo: Tables, day: str) -> None:
    live = {t["school_id"] for t in demo["terms"] if t["start_date"] <= day <= t["end_date"]}
    assert live == {s["school_id"] for s in demo["schools"] if s["active"] == "true"}


def test_by_november_a_quarter_has_ended_and_spring_has_not_begun(demo: Tables) -> None:
    codes = {
        schedule: {
            t["term_code"]
            for t in of_schedule(demo, "terms", schedule)
            if t["start_date"] <= "2026-11-23" <= t["end_date"]
        }
        for schedule in ("master", "flex")
    }
    assert codes == {"master": {"Y", "2"}, "flex": {"Y", "F"}}
    assert any(row["end_date"] < "2026-11-01" for row in of_schedule(demo, "rosters", "master") if row["end_date"])


# Staff and sections


def test_two_teachers_of_a_school_share_a_name_and_two_differ_in_spelling_only(demo: Tables) -> None:
    for schedule, table in (("elementary", "teachers"), ("master", "teachers"), ("flex", "staff")):
        school = next(s["school_id"] for s in demo["schools"] if s["schedule"] == schedule)
        people = [r for r in demo[table] if school in (r.get("school_id"), r.get("school_ids"))]
        names = Counter((r["last_name"], r["first_name"]) for r in people)
        tokens = Counter(token(f"{r['last_name']} {r['first_name']}").lower() for r in people)
        assert max(names.values()) >= 2
        assert sum(count > 1 for count in tokens.values()) > sum(count > 1 for count in names.values())


def test_some_staff_have_no_email_and_all_others_one_at_an_invented_domain(tmp_path: Path) -> None:
    demo = made(tmp_path / "roster", 20_000)
    emails = [row["email"] for row in demo["staff"]]
    assert 0.005 < emails.count("") / len(emails) < 0.04
    addresses = [email for email in emails if "@" in email]
    assert all(email.endswith(".example") and email.isascii() for email in addresses)
    assert len(set(addresses)) == len(addresses)
    own = {row["staff_id"]: row["email"] for row in demo["staff"]}
    differing = [r for r in demo["teachers"] if r["staff_id"] and r["email"] != own[r["staff_id"]]]
    assert any(not r["email"] for r in differing)
    assert any(r["email"] for r in differing)


def test_teacher_records_are_where_the_schedule_has_them(demo: Tables) -> None:
    assert not of_schedule(demo, "teachers", "flex")
    for schedule in ("elementary", "elementary_master", "master"):
        assert of_schedule(demo, "teachers", schedule)
    assert all(r["teacher_number"] and not r["staff_id"] for r in of_schedule(demo, "section_staff", "master"))
    assert all(r["staff_id"] and not r["teacher_number"] for r in of_schedule(demo, "section_staff", "flex"))


def test_a_teacher_record_may_have_no_person_and_a_person_two_records(demo: Tables) -> None:
    assert any(not r["staff_id"] and r["last_name"] == "Vacant" for r in demo["teachers"])
    assert max(Counter(r["staff_id"] for r in demo["teachers"] if r["staff_id"]).values()) == 2


def test_the_flex_school_shows_every_role_several_primaries_only_an_aide_and_ended_posts(
    demo: Tables,
) -> None:
    by_section: dict[str, list[str]] = {}
    for row in of_schedule(demo, "section_staff", "flex"):
        by_section.setdefault(row["section_number"], []).append(row["role"])
    roles = list(by_section.values())
    assert {role for section in roles for role in section} == {"primary", "co", "substitute", "aide"}
    assert ["primary", "primary"] in roles
    assert ["aide"] in roles
    assert ["co", "co"] in roles
    assert any(row["end_date"] == "2026-10-02" for row in of_schedule(demo, "section_staff", "flex"))


def test_primary_classes_are_at_the_flex_school_only(demo: Tables) -> None:
    flagged = [row for row in demo["sections"] if row["primary_class"] == "true"]
    assert flagged
    assert keys(flagged, "school_id") == keys(of_schedule(demo, "sections", "flex"), "school_id")


def test_no_teacher_has_two_classes_at_one_time_in_the_timetable(demo: Tables) -> None:
    sections = {(r["school_id"], r["section_number"]): r for r in of_schedule(demo, "sections", "master")}
    busy: Counter[tuple[str, ...]] = Counter()
    for row in of_schedule(demo, "section_staff", "master"):
        section = sections[row["school_id"], row["section_number"]]
        if int(row["section_number"]) < 9000 and section["term_code"] == "Y":
            busy[row["school_id"], row["teacher_number"], section["period"]] += 1
    assert max(busy.values()) == 1


def test_elementary_rooms_have_twenty_to_thirty_two_students(demo: Tables) -> None:
    schools = keys((s for s in demo["schools"] if s["schedule"].startswith("elementary")), "school_id")
    rooms = Counter(
        (school, room)
        for _, school, room in keys(demo["enrollments"], "student_id", "school_id", "homeroom_teacher_number")
        if (school,) in schools
    )
    assert 20 <= min(rooms.values()) <= max(rooms.values()) <= 34


def test_sections_of_the_high_school_are_of_usual_size(tmp_path: Path) -> None:
    demo = made(tmp_path / "roster", 20_000)
    sizes = Counter(
        (r["school_id"], r["section_number"])
        for r in of_schedule(demo, "rosters", "flex")
        if int(r["section_number"]) < 9000
    )
    assert 15 <= min(sizes.values()) <= max(sizes.values()) <= 38


def test_a_secondary_student_has_seven_classes_on_a_day(demo: Tables) -> None:
    day = "2026-11-23"
    live = Counter(
        r["student_id"]
        for r in of_schedule(demo, "rosters", "flex")
        if r["start_date"] <= day <= r["end_date"] and int(r["section_number"]) < 9000
    )
    assert live.most_common()[len(live) // 2][1] == 7
    assert max(live.values()) == 7


def test_elementary_schools_have_sections_only_with_a_master_schedule(demo: Tables) -> None:
    assert not of_schedule(demo, "sections", "elementary")
    assert of_schedule(demo, "sections", "elementary_master")
    assert all(r["homeroom_teacher_number"] for r in of_schedule(demo, "enrollments", "elementary_master"))


# Student groups


@pytest.mark.parametrize("students", [300, 5000])
def test_a_group_has_more_than_200_members(tmp_path: Path, students: int) -> None:
    members = Counter(row["group_code"] for row in made(tmp_path / "roster", students)["group_members"])
    assert max(members.values()) > 200


def test_groups_are_confidential_expired_and_staffed(demo: Tables) -> None:
    groups = demo["student_groups"]
    assert any(g["confidential"] == "true" and g["name"].startswith("504") for g in groups)
    assert any("" < g["expires_on"] < "2026-08-12" for g in groups)
    assert any(g["expires_on"] > "2026-11-23" for g in groups)
    assert [g["name"] for g in groups].count("AVID") >= 2
    assert demo["group_staff"]


# Requests


@pytest.mark.parametrize("students", [-1, 0, 49, 10_000_001])
def test_a_district_of_impossible_size_is_refused(tmp_path: Path, students: int) -> None:
    with pytest.raises(RequestStop, match=f"--students {students}: a demo district has 50 to 10,000,000"):
        write_roster(tmp_path / "roster", District(students))
    assert not list(tmp_path.iterdir())


def test_a_school_year_written_as_two_digits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestStop, match="--school-year 27: give the second half"):
        write_roster(tmp_path / "roster", District(50, 1, 27))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "roster").mkdir()
    (tmp_path / "roster" / "mine.txt").write_text("mine")
    with pytest.raises(RequestStop, match="exists already"):
        write_roster(tmp_path / "roster", District(50))
    assert [path.name for path in (tmp_path / "roster").iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "roster").mkdir()
    write_roster(tmp_path / "roster", District(50))
    assert (tmp_path / "roster" / "lea.csv").exists()


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_roster(tmp_path / "roster", District(500), interrupt)
    assert not list(tmp_path.iterdir())


def test_the_progress_adds_up_to_the_students(tmp_path: Path) -> None:
    steps: list[int] = []
    write_roster(tmp_path / "roster", District(5000), steps.append)
    assert sum(steps) == 5000
    assert len(steps) > 5


@settings(max_examples=30, deadline=None)
@given(school_year=st.integers(2000, 2100))
def test_any_school_year_runs_from_mid_august_to_early_june(school_year: int) -> None:
    draft = next(iter(drafts(District(50, 1, school_year))))
    _, code, start, end = draft.lines["terms"][0].strip().split(",")
    assert code == "Y"
    assert f"{school_year - 1}-08-11" <= start <= f"{school_year - 1}-08-17"
    assert f"{school_year}-06-01" <= end <= f"{school_year}-06-07"


def test_memory_does_not_grow_with_the_district() -> None:
    def peak(students: int) -> int:
        tracemalloc.start()
        try:
            for _ in drafts(District(students)):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # above 10,000 students there are schools of every size: what is held is the largest school
    assert peak(40_000) < 2 * peak(10_000)
