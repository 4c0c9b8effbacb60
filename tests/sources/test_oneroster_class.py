"""Classes, courses, sessions and orgs: sections, terms and schools out of what exports really say."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from tests.sources.oneroster_files import Files, row_of
from tests.sources.oneroster_reading import opened


def second_class(**cells: str) -> "Spoil":
    return Spoil(cells)


class Spoil:
    """Adds a class C2 like C1 with some other cells."""

    def __init__(self, cells: dict[str, str]) -> None:
        self.cells = cells

    def __call__(self, files: Files) -> None:
        files["classes"].append(row_of(files, "classes", "C1") | {"sourcedId": "C2"} | self.cells)


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("102", ["101", "102"]),
        ("101", ["C1", "C2"]),
        ("", ["101", "C2"]),
        ("C1", ["101", "C2"]),
    ],
)
def test_the_section_number_is_the_class_code_where_nothing_else_is_called_so(
    tmp_path: Path, code: str, numbers: list[str]
) -> None:
    roster = opened(tmp_path, second_class(classCode=code))
    assert [number for (number,) in roster.cells("sections", "section_number")] == numbers


def test_the_same_class_code_in_two_schools_is_no_trouble(tmp_path: Path) -> None:
    roster = opened(tmp_path, second_class(schoolSourcedId="100"))
    assert roster.cells("sections", "school_id", "section_number") == [("100", "101"), ("994", "101")]


def test_a_class_without_a_period_is_a_finding_and_of_several_the_first_counts(tmp_path: Path) -> None:
    blank = opened(tmp_path / "a", lambda files: row_of(files, "classes", "C1").update(periods=""))
    assert blank.findings["oneroster_period_blank"].count == 1
    several = opened(tmp_path / "b", lambda files: row_of(files, "classes", "C1").update(periods="3, 4"))
    assert several.cells("sections", "period") == [("3",)]
    assert several.values("oneroster_several_periods") == ["3, 4"]


@pytest.mark.parametrize("kind", ["", "lecture"])
def test_a_class_of_an_unknown_type_is_scheduled_with_a_finding(tmp_path: Path, kind: str) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "classes", "H1").update(classType=kind))
    assert ("100", "1") in roster.cells("sections", "school_id", "section_number")
    assert roster.findings["oneroster_class_type_unknown"].count == 1


def test_without_courses_they_are_made_of_the_classes_titles(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        del files["courses"]
        second_class(classCode="102", title="Other")(files)

    roster = opened(tmp_path, spoil)
    assert roster.cells("courses", "course_id", "title") == [("ENG9", "Class C1")]
    assert roster.values("oneroster_course_made") == ["Class C1"]
    assert roster.values("oneroster_course_title_differs") == ["Other"]


def test_a_course_that_courses_do_not_hold_is_left_to_the_engine(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "classes", "C1").update(courseSourcedId="TCH_1"))
    assert roster.cells("sections", "course_id") == [("TCH_1",)]
    assert ("TCH_1",) not in roster.cells("courses", "course_id")


@pytest.mark.parametrize("text", ["2026-2027", "2026-27", "2026", ""])
def test_a_school_year_is_read_as_the_year_in_which_it_ends(tmp_path: Path, text: str) -> None:
    def spoil(files: Files) -> None:
        for session in files["academicSessions"]:
            session["schoolYear"] = text
        files["academicSessions"] = files["academicSessions"][:1]
        row_of(files, "classes", "C1")["termSourcedIds"] = "SY"

    roster = opened(tmp_path, spoil)
    assert roster.cells("lea", "school_year") == [("2027",)]
    assert roster.findings["oneroster_school_year_read"].count == 1


@pytest.mark.parametrize(
    ("start", "end", "said", "year"),
    [
        pytest.param("2026-08-12", "2026-12-19", "2026", 2027, id="autumn, the year in which it begins"),
        pytest.param("2027-01-05", "2027-06-11", "2026", 2027, id="spring, the year in which it begins"),
        pytest.param("2027-01-05", "2027-06-11", "2028", 2027, id="spring, the next year"),
        pytest.param("2026-08-12", "2027-06-11", "2026", 2027, id="the whole year"),
    ],
)
def test_a_school_year_that_its_dates_contradict_is_a_finding(
    start: str, end: str, said: str, year: int, tmp_path: Path
) -> None:
    def spoil(files: Files) -> None:
        for row in files["academicSessions"]:
            row.update(startDate=start, endDate=end, schoolYear=said)

    roster = opened(tmp_path, spoil)
    assert roster.cells("lea", "school_year") == [(str(year),)]
    assert set(roster.values("oneroster_school_year_read")) == {said}


@pytest.mark.parametrize("said", ["2027", "2028"])
def test_a_summer_session_may_be_of_either_year(said: str, tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        for row in files["academicSessions"]:
            row.update(startDate="2027-06-14", endDate="2027-07-24", schoolYear=said)

    roster = opened(tmp_path, spoil)
    assert roster.cells("lea", "school_year") == [(said,)]
    assert "oneroster_school_year_read" not in roster.findings


def test_a_school_year_that_is_no_year_stops(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"academicSessions\.csv, line 2: schoolYear is 'now'"):
        opened(tmp_path, lambda files: row_of(files, "academicSessions", "SY").update(schoolYear="now"))


def test_of_several_school_years_that_of_most_classes_is_used(tmp_path: Path) -> None:
    def spoil(files: Files) -> None:
        for i in range(5):
            old = {"sourcedId": f"OLD{i}", "startDate": "2025-08-12", "endDate": "2026-06-11", "schoolYear": "2026"}
            files["academicSessions"].append(row_of(files, "academicSessions", "SY") | old)

    roster = opened(tmp_path, spoil)
    assert roster.cells("lea", "school_year") == [("2027",)]
    assert roster.values("oneroster_several_school_years") == ["2026, 2027"]


def test_a_session_without_dates_is_left_out_with_a_finding(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "academicSessions", "S2").update(endDate=""))
    assert ("994", "S2") not in roster.cells("terms", "school_id", "term_code")
    assert roster.values("oneroster_session_without_dates") == ["S2"]


def test_an_export_without_a_session_with_dates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match="no session with dates"):
        opened(tmp_path, lambda files: files.update(academicSessions=[]))


def test_sessions_that_are_their_own_parents_do_no_harm(tmp_path: Path) -> None:
    roster = opened(tmp_path, lambda files: row_of(files, "academicSessions", "SY").update(parentSourcedId="S1"))
    assert ("994", "SY") in roster.cells("terms", "school_id", "term_code")


def test_a_bar_in_an_id_that_stands_in_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"'S\|3' holds a bar"):
        opened(tmp_path / "a", lambda f: row_of(f, "academicSessions", "S2").update(sourcedId="S|3"))
    with pytest.raises(DataStop, match=r"'9\|4' holds a bar"):
        opened(tmp_path / "b", lambda f: row_of(f, "orgs", "994").update(sourcedId="9|4"))


def test_of_several_districts_that_of_most_schools_is_the_lea(tmp_path: Path) -> None:
    other = {"sourcedId": "D0", "name": "Other", "type": "district"}
    roster = opened(tmp_path, lambda files: files["orgs"].insert(0, other))
    assert roster.cells("lea", "name") == [("Unified",)]
    assert roster.values("oneroster_district_guessed") == ["Unified"]


def test_without_a_district_its_place_is_taken_by_the_schools_parent_or_a_school(tmp_path: Path) -> None:
    parent = opened(tmp_path / "a", lambda files: row_of(files, "orgs", "D1").update(type="local"))
    assert parent.cells("lea", "name") == [("Unified",)]

    def charter(files: Files) -> None:
        files["orgs"] = [org for org in files["orgs"] if org["type"] == "school"]

    assert opened(tmp_path / "b", charter).cells("lea", "name") == [("High",)]


def test_an_export_without_orgs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"orgs\.csv: there is no org in it"):
        opened(tmp_path, lambda files: files.update(orgs=[]))
