"""The quick way gives the very verdict of the careful one, or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cersgroups.cers.clean_file import verdict_if_clean
from cersgroups.cers.known import Known
from cersgroups.cers.validation import validate, validate_exactly
from cersgroups.core.student_group import MAX_STUDENTS
from tests.cers.csv_file import KNOWN, OTHER_SCHOOL, SCHOOL, file, row, ssid


def is_clean(content: bytes) -> bool:
    verdict = verdict_if_clean(content, KNOWN)
    assert verdict is None or verdict == validate_exactly(content, KNOWN)
    return verdict is not None


CLEAN = [
    file(row()),
    file(row())[:-1],
    file(row(), end="\r\n"),
    file(row(), end="\r\n")[:-2],
    file(row(), header="Group_Name,SCHOOL_natural_id,school_year,subject_code,student_ssid,group_user_LOGIN"),
    file(row(), row("Period 2"), row("a-_#'() 9", school=OTHER_SCHOOL)),
    file(row(), row(year="2026")),
    file(row(ssid="", login="a@b.c"), row(login="a@b.c"), row(ssid="")),
    file(row("b"), row("a")),
    file(row(subject="All")),
    file(*(row(ssid=ssid(number)) for number in range(MAX_STUDENTS)), row(ssid="", login="a@b.c")),
]


@pytest.mark.parametrize("content", CLEAN)
def test_a_clean_file_takes_the_quick_way(content: bytes) -> None:
    assert is_clean(content)
    assert validate(content, KNOWN).safe


NOT_CLEAN = [
    b"",
    file(),
    file(row(), end="\r"),
    b"\xef\xbb\xbf" + file(row()),
    file(row(), header="Group-Name,school_natural_id,school_year,subject_code,student_ssid,group_user_login"),
    file(row("Año")),
    file(row('"Period 1"')),
    file(row("a\\b")),
    file(row(" a")),
    file(row("a ")),
    file(row("NULL")),
    file(row("a\tb")),
    file(row("n" * 256)),
    file(row(), ""),
    file(row(), "", row()),
    file(row() + ","),
    file(row(ssid="123")),
    file(row(login="ana")),
    file(row(login="a@b@c")),
    file(row(login="a" * 256 + "@b.c")),
    file(row(subject="")),
    file(row(subject="Art")),
    file(row(subject="MATH")),
    file(row(year="2019")),
    file(row(school="99000000009999")),
    file(row("a"), row("b"), row("a")),
    file(row("a"), row("A")),
    file(row("a"), row("a", subject="ELA")),
    file(row("a"), row("a", school=OTHER_SCHOOL), row("b")),
    file(row(login="a@b.c"), row(ssid=ssid(2), login="A@b.c")),
    file(*(row(ssid=ssid(number)) for number in range(MAX_STUDENTS + 1))),
    file(*(row(ssid="", login=f"{number:04}{'x' * 50}@b.c") for number in range(200))),
    file(row(), end="\r\n") + (row("b") + "\n").encode(),
]


@pytest.mark.parametrize("content", NOT_CLEAN)
def test_any_other_file_does_not(content: bytes) -> None:
    assert not is_clean(content)


def test_without_a_list_every_school_is_clean() -> None:
    known = Known(None, KNOWN.years)
    content = file(row(school="12345678901234"))
    assert verdict_if_clean(content, known) == validate_exactly(content, known)
    assert verdict_if_clean(content, known) is not None


names = st.sampled_from(
    ["Period 1", "Period 2", "period 1", "P", "P2025", "A_b-1", "a b", "NULL", "Año", "x ", '"q"', ""]
)
rows = st.builds(
    row,
    names,
    st.sampled_from(["", "7000000001", "7000000002", "7", "NULL"]) | st.just("7000000003"),
    st.sampled_from(["", "a@b.c", "A@b.c", "d@e.f", "x", "a@b.c\\"]) | st.just(""),
    school=st.sampled_from([SCHOOL, SCHOOL, OTHER_SCHOOL, "99"]),
    year=st.sampled_from(["2025", "2025", "2026", "2019", "+2025"]),
    subject=st.sampled_from(["Math", "Math", "ELA", "All", "math", ""]),
)
clean_rows = st.builds(
    row,
    st.sampled_from(["Period 1", "Period 2", "P", "P2"]),
    st.sampled_from(["", "7000000001", "7000000002"]),
    st.sampled_from(["", "a@b.c", "d@e.f"]),
    school=st.sampled_from([SCHOOL, OTHER_SCHOOL]),
)


@given(st.lists(rows, max_size=6), st.sampled_from(["\n", "\r\n"]), st.integers(0, 3))
def test_nearly_clean_files_get_the_careful_verdict(lines: list[str], end: str, cut: int) -> None:
    content = file(*lines, end=end)
    content = content[: len(content) - cut]
    assert validate(content, KNOWN) == validate_exactly(content, KNOWN)


@given(st.lists(clean_rows, min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_clean_files_get_the_careful_verdict_quickly(lines: list[str], end: str) -> None:
    content = file(*sorted(lines, key=lambda line: (line.split(",")[1], line.split(",")[0])), end=end)
    assert verdict_if_clean(content, KNOWN) == validate_exactly(content, KNOWN)


@settings(max_examples=300)
@given(st.data())
def test_a_clean_file_with_one_byte_changed_gets_the_careful_verdict(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(CLEAN[:9])))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 1))] = data.draw(
        st.sampled_from([b"", b"\n", b"\r", b",", b'"', b"\\", b"@", b" ", b"A", b"\x00", b"\xc3\xa9", b"9"])
    )
    assert validate(bytes(content), KNOWN) == validate_exactly(bytes(content), KNOWN)
