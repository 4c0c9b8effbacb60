"""The receiver's check: messages, rows and their order, beyond what the vectors show."""

import pytest

from cersgroups.cers.checker import check
from cersgroups.core.student_group import HEADER, MAX_STUDENTS
from tests.cers.csv_file import KNOWN, OTHER_SCHOOL, SCHOOL, file, row, ssid

HEADERS = f"Invalid headers. Headers must be in order: [{','.join(HEADER)}]"
NOT_A_CSV = "File does not appear to be a valid CSV with a header row"


def said(content: bytes) -> list[tuple[int, str]]:
    return [(result.row, result.message) for result in check(content, KNOWN).results]


def test_a_good_file_is_accepted_school_by_school() -> None:
    content = file(row(), row("Period 2"), row(school=OTHER_SCHOOL))
    assert check(content, KNOWN).ok
    assert said(content) == [(3, f"2 groups accepted for {SCHOOL}."), (3, f"1 group accepted for {OTHER_SCHOOL}.")]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", file(), b"whatever"])
def test_a_file_without_records_is_empty(content: bytes) -> None:
    verdict = check(content, KNOWN)
    assert said(content) == [(0, "Empty file")]
    assert (verdict.ok, verdict.newline) == (False, None)


def test_an_unclosed_quote_in_the_header_is_told_as_a_failure() -> None:
    assert said(b'"group_name\nx') == [
        (0, "Error reading file [(startline 1) EOF reached before encapsulated token finished]")
    ]


def test_an_unclosed_quote_later_is_a_crash_that_hides_all_failures() -> None:
    verdict = check(file(row(year="x"), row('"Period 2')), KNOWN)
    assert verdict.results == ()
    assert verdict.results_as_json() is None
    assert verdict.newline == "\\n"
    assert str(verdict.crash).endswith("(startline 3) EOF reached before encapsulated token finished")


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_header_with_too_few_columns_is_a_crash(count: int) -> None:
    verdict = check(file(row(), header=",".join(HEADER[:count])), KNOWN)
    assert verdict.crash == (f"java.lang.IndexOutOfBoundsException: Index {count} out of bounds for length {count}")


def test_a_short_header_in_another_order_is_only_wrong() -> None:
    content = file(row(), header="school_natural_id,group_name")
    assert said(content) == [(0, HEADERS), (0, NOT_A_CSV)]


def test_one_blank_column_more_is_accepted_and_two_are_not() -> None:
    assert check(file(row(), header=",".join(HEADER) + ","), KNOWN).ok
    assert said(file(row(), header=",".join(HEADER) + ",,")) == [(0, NOT_A_CSV)]


def test_a_row_without_login_is_accepted_and_one_without_ssid_is_no_csv() -> None:
    assert check(file(row().rsplit(",", 1)[0]), KNOWN).ok
    assert said(file(row().rsplit(",", 2)[0])) == [(0, NOT_A_CSV)]


def test_a_short_row_of_an_unknown_school_is_passed_over() -> None:
    assert said(file("Period 1,99,2025,Math")) == [(1, "School [99] can not be found")]


def test_all_missing_keys_are_told() -> None:
    assert said(file(" ,\t,x,,,")) == [
        (1, "Record does not contain a school"),
        (1, "Record does not contain a group name"),
        (1, "Record does not contain a school year"),
    ]


def test_a_year_is_told_as_a_number() -> None:
    assert said(file(row(year="+02019"))) == [(1, "Invalid school year: 2019")]


def test_the_subject_is_told_without_blanks_around_it() -> None:
    assert said(file(row(subject="\tArt "))) == [(1, "Invalid subject: Art")]


def test_the_same_sentence_is_said_once() -> None:
    assert said(file(row(subject="Art"), row("Period 2", subject="Art"))) == [(1, "Invalid subject: Art")]


def test_missing_keys_are_told_on_every_row() -> None:
    assert len(said(file(row(""), row(""), row("")))) == 3


def test_a_group_may_change_its_case_between_rows_but_not_return() -> None:
    assert check(file(row("Algebra"), row("ALGEBRA")), KNOWN).results[0].message.startswith("1 group ")
    assert said(file(row("a"), row("b"), row("a"))) == [(3, "Record is out-of-order: sort CSV by school, group, year")]


def test_a_group_that_returns_in_other_case_is_not_noticed() -> None:
    assert check(file(row("a"), row("b"), row("A")), KNOWN).ok


def test_a_school_that_returns_is_out_of_order() -> None:
    content = file(row("a"), row("a", school=OTHER_SCHOOL), row("b"))
    assert said(content) == [(3, f"School [{SCHOOL}] is out-of-order: sort CSV by school, group, year")]


def test_a_group_of_201_students_is_refused() -> None:
    rows = [row(ssid=ssid(number)) for number in range(MAX_STUDENTS + 1)]
    assert check(file(*rows[:-1]), KNOWN).ok
    assert said(file(*rows)) == [
        (201, f"School [{SCHOOL}] Group [Period 1] contains 201 students.  Maximum students allowed per group is 200")
    ]


def test_a_student_counts_on_every_row_and_a_blank_ssid_never() -> None:
    full = [row(login="a@b.c")] * MAX_STUDENTS
    assert check(file(*full, row(ssid=" ")), KNOWN).ok
    assert not check(file(*full, row()), KNOWN).ok


def test_the_students_of_a_group_are_counted_when_the_next_begins() -> None:
    rows = [row(ssid=ssid(number)) for number in range(201)]
    assert said(file(*rows, row("Period 2")))[0][0] == 201


def test_a_subject_may_come_late_but_not_change() -> None:
    assert check(file(row(subject=""), row(), row(subject=""), row(subject="MATH")), KNOWN).ok
    assert said(file(row(subject=""), row(), row(subject="All"))) == [
        (3, "Record is attempting to re-define group subject from [Math] to [All]")
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_in_another_unicode_encoding_is_refused(encoding: str) -> None:
    assert said(file(row()).decode().encode(encoding)) == [(0, HEADERS), (0, NOT_A_CSV)]


def test_one_byte_order_mark_is_skipped_and_a_second_is_part_of_the_header() -> None:
    mark = b"\xef\xbb\xbf"
    assert check(mark + file(row()), KNOWN).ok
    assert said(mark + mark + file(row())) == [(0, HEADERS), (0, NOT_A_CSV)]


def test_a_header_that_is_wrong_and_alone_is_an_empty_file() -> None:
    assert said(file(header="group_name,school")) == [(0, "Empty file")]


def test_columns_of_one_name_are_told_before_anything_else() -> None:
    twice = ",".join(HEADER) + ",School_Year"
    assert said(file(header=twice)) == [(0, NOT_A_CSV)]
    assert said(file(row(year="x"), header=twice)) == [(0, NOT_A_CSV)]


def test_failures_of_a_wrong_header_come_before_those_of_records() -> None:
    swapped = "school_natural_id,group_name,school_year,subject_code,student_ssid,group_user_login"
    assert said(file(f"{SCHOOL},Period 1,2019,Art,,", header=swapped)) == [
        (0, HEADERS),
        (1, "Invalid school year: 2019"),
        (1, "Invalid subject: Art"),
    ]


def test_year_then_subject_then_school_are_told() -> None:
    assert said(file(row(school="99", year="2019", subject="Art"))) == [
        (1, "Invalid school year: 2019"),
        (1, "Invalid subject: Art"),
        (1, "School [99] can not be found"),
    ]


def test_a_record_without_its_keys_is_asked_for_nothing_else() -> None:
    assert said(file(row("", school="99", year="2019", subject="Art"))) == [(1, "Record does not contain a group name")]


def test_a_subject_is_told_before_the_students_of_the_group_before_it() -> None:
    rows = [row(ssid=ssid(number)) for number in range(MAX_STUDENTS + 1)]
    told = said(file(*rows, row("Period 2", subject="Art")))
    assert [each[0] for each in told] == [202, 201]
    assert told[0][1] == "Invalid subject: Art"


def test_two_groups_of_one_name_in_two_years_are_counted_apart() -> None:
    full = [row(ssid=ssid(number), year=year) for year in ("2025", "2026") for number in range(MAX_STUDENTS)]
    assert said(file(*full)) == [(400, f"2 groups accepted for {SCHOOL}.")]


def test_text_that_is_no_csv_is_refused() -> None:
    assert said(b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n") == [(0, HEADERS), (0, NOT_A_CSV)]
