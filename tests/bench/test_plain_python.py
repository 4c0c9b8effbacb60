"""The plain Python script and PostgreSQL as oracles: they share no code with the engine and give its bytes."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cersgroups.core.profile import from_toml
from cersgroups.core.roster import TABLES
from cersgroups.engine.extract import build
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from cersgroups.sources.demo import District, write_roster
from tests.bench.district import AS_OF, digest, profile
from tests.bench.measurement import measure
from tests.bench.plain_csv import during, rows
from tests.bench.plain_people import People
from tests.bench.plain_python import write_classes
from tests.engine.roster_files import Rows, district
from tests.engine.roster_files import write_roster as write_small_roster

ENROLLMENT, ROSTER = TABLES["enrollments"].column_names, TABLES["rosters"].column_names
ONE_SECTION = {"school_id": "10", "section_number": "1001"}


def built(roster: Path, folder: Path) -> Path:
    """The engine's file of the roster's classes."""
    snapshot = write_snapshot(RosterFolder(roster), folder / "snapshot", source="roster folder")
    schools = [school for school, _ in rows(roster, "schools", "school_id", "name")]
    (folder / "extract").mkdir()
    chosen = from_toml(profile(schools))
    [file] = build(snapshot, [chosen], date.fromisoformat(AS_OF), folder / "extract").files
    return file


def plainly_built(roster: Path, folder: Path) -> Path:
    write_classes(roster, folder / "plain.csv")
    return folder / "plain.csv"


@pytest.fixture(scope="module", params=[1, 2, 3])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The roster folder of a district of 1,000 students, by seed."""
    folder = tmp_path_factory.mktemp("demo") / "roster"
    write_roster(folder, District(1_000, request.param))
    return folder


def test_plain_python_and_the_engine_give_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    assert plainly_built(demo, tmp_path).read_bytes() == built(demo, tmp_path).read_bytes()


def test_one_query_in_postgresql_gives_the_same_bytes_too(demo: Path, tmp_path: Path) -> None:
    # not in tmp_path: each new pytest closes the folders above it to the user that the server runs as
    with TemporaryDirectory() as folder:
        measure("tests.bench.postgres", demo, folder, "1")
        assert Path(folder, "classes.csv").read_bytes() == plainly_built(demo, tmp_path).read_bytes()


def test_the_compared_district_has_what_is_hard(demo: Path, tmp_path: Path) -> None:
    """Else the comparison would prove little: namesakes, groups without users, letters that are not ASCII."""
    names = {line.split(",")[0] for line in plainly_built(demo, tmp_path).read_text().splitlines()[1:]}
    staff = {staff_id for staff_id, _ in rows(demo, "staff", "staff_id", "last_name")}
    assert any(name.split("_")[1].rpartition("-")[2] in staff for name in names)
    assert any("Vacant" in name for name in names)
    assert not (demo / "staff.csv").read_text(encoding="utf-8").isascii()


def test_both_agree_on_a_district_drawn_by_hand(tmp_path: Path) -> None:
    roster = write_small_roster(tmp_path / "roster", district())
    plain = plainly_built(roster, tmp_path).read_bytes()
    assert plain == built(roster, tmp_path).read_bytes()
    assert b"10_Ruiz-Ana_1_1,99100000000010,2027,ELA,7000000001,ana@fig.example\n" in plain


def test_both_agree_when_people_have_one_name_and_one_is_inactive(tmp_path: Path) -> None:
    tables = district(
        staff="""
            staff_id | last_name | first_name | email           | state_educator_id | active | school_ids
            1        | Ruiz      | Ana        | ana@fig.example |                   | true   | 10
            2        | RUIZ      | Aña        |                 |                   | true   | 10
            3        | Núñez     | José       | no address      |                   | true   | 10
            4        | Park      | Dana       | d@fig.example   |                   | false  | 30
            5        | O'Hara    | Ed         | ed@fig.example  |                   | true   | 10
        """,
        section_staff="""
            school_id | section_number | staff_id | teacher_number | role    | start_date | end_date   | active
            10        | 1001           | 1        |                | co      |            |            | true
            10        | 1001           | 2        |                | primary | 2026-11-23 | 2026-11-23 | true
            10        | 1002           | 2        |                | primary |            | 2026-11-22 | true
            10        | 1002           | 1        |                | aide    |            |            | true
            10        | 1003           | 2        |                | primary |            |            | true
            20        | 2001           |          | 201            |         |            |            | true
        """,
    )
    roster = write_small_roster(tmp_path / "roster", tables)
    plain = plainly_built(roster, tmp_path).read_bytes()
    assert plain == built(roster, tmp_path).read_bytes()
    assert b"10_RUIZ-Ana-2_1_1,99100000000010,2027,ELA,7000000001,ana@fig.example\n" in plain
    assert b"_2_1," not in plain


def test_a_group_of_more_than_200_students_goes_on_under_the_next_number(tmp_path: Path) -> None:
    students = [f"S{number:03d}" for number in range(201)]
    tables: dict[str, Rows | str] = {
        **district(),
        "students": [{"student_id": s, "ssid": f"7{i:09d}"} for i, s in enumerate(students)],
        "enrollments": [dict.fromkeys(ENROLLMENT, "") | {"student_id": s, "school_id": "10"} for s in students],
        "rosters": [dict.fromkeys(ROSTER, "") | {**ONE_SECTION, "student_id": s} for s in students],
    }
    roster = write_small_roster(tmp_path / "roster", tables)
    plain = plainly_built(roster, tmp_path).read_text()
    assert plain.encode() == built(roster, tmp_path).read_bytes()
    assert plain.endswith(
        "10_Ruiz-Ana_1_2,99100000000010,2027,ELA,7000000200,ana@fig.example\n"
        "10_Ruiz-Ana_1_2,99100000000010,2027,ELA,,bo@fig.example\n"
    )


def test_a_name_too_long_for_the_script_stops_it(tmp_path: Path) -> None:
    sections = district()["sections"].replace("| 1      | Y ", f"| {'x' * 100} | Y ", 1)
    roster = write_small_roster(tmp_path / "roster", district(sections=sections))
    with pytest.raises(ValueError, match="longer than this script can write"):
        plainly_built(roster, tmp_path)


@pytest.mark.parametrize(
    ("start", "end", "contained"),
    [
        ("", "", True),
        (AS_OF, AS_OF, True),
        ("2026-11-24", "", False),
        ("", "2026-11-22", False),
    ],
)
def test_dates_are_inclusive_and_open_when_blank(start: str, end: str, contained: bool) -> None:
    assert during(start, end, AS_OF) is contained


def test_a_teacher_record_without_staff_is_a_person_of_its_own(tmp_path: Path) -> None:
    people = People(write_small_roster(tmp_path / "roster", district()))
    assert people.named("30", "302") == (("30", "302"), True)
    assert people.card("30", ("30", "302")) == ("Lee Mina", "mina@fig.example")


def test_a_blank_e_mail_of_the_record_falls_back_to_the_staff(tmp_path: Path) -> None:
    people = People(write_small_roster(tmp_path / "roster", district()))
    assert people.card("30", ("", "4")) == ("Park Dana", "dana@fig.example")
    assert people.card("20", ("", "3")) == ("Núñez José", "jose.n@fig.example")


def test_the_digest_does_not_see_how_rows_are_spread_over_files(tmp_path: Path) -> None:
    for name, content in (("whole", "h\n1\n2\n"), ("first", "h\n1\n"), ("second", "h\n2\n"), ("other", "h\n2\n1\n")):
        (tmp_path / name).write_text(content)
    whole, first, second, other = (tmp_path / name for name in ("whole", "first", "second", "other"))
    assert digest([whole]) == digest([first, second])
    assert digest([whole]) != digest([other])
