r"""The loader's reader: escapes, NULL, line ends and the failures of the database (vectors 034-092, 155-201)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cersgroups.cers.load_data import load
from cersgroups.cers.staged_row import LoadFailure
from tests.cers.csv_file import SCHOOL, file, row


def loaded(content: bytes, newline: str = "\\n") -> list[list[str | int | None]]:
    return [staged.as_list() for staged in load(content, newline)]


def loaded_name(name: str) -> str | int | None:
    return loaded(file(row(name)))[0][0]


def test_a_row_is_loaded_with_blanks_as_missing_values() -> None:
    assert loaded(file(row(subject="", login=""))) == [["Period 1", SCHOOL, 2025, None, "7000000001", None]]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Alg\\1", "Alg1"),
        ("Room\\north", "Room\north"),
        ("a\\tb\\rc\\bd\\Ze\\0f", "a\tb\rc\bd\x1ae\0f"),
        ("a\\\\b", "a\\b"),
        ('"Ruiz, Period 1"', "Ruiz, Period 1"),
        ('"say ""hi"""', 'say "hi"'),
        ('rulers 6"', 'rulers 6"'),
        ('"a" b"', 'a" b'),
        ('"NULL"', "NULL"),
        ("null", "null"),
        ("NULLs", "NULLs"),
        ("  Period 1  ", "Period 1"),
        ("\tPeriod 1", "\tPeriod 1"),
        ("Español", "Español"),
        ("a\\é", "aé"),
    ],
)
def test_a_name_is_stored_so(written: str, stored: str) -> None:
    assert loaded_name(written) == stored


@pytest.mark.parametrize("null", ["NULL", "\\N", '"\\N"', "", '""', "   ", "\u200b"])
def test_a_missing_ssid_or_login_is_dropped(null: str) -> None:
    assert loaded(file(row(ssid=null, login=null)))[0][4:] == [None, None]


def test_a_carriage_return_vanishes_from_the_login_only() -> None:
    crlf_rows = file(row(login="a@b.c") + "\r", row(login="") + "\r")
    assert [each[5] for each in loaded(crlf_rows)] == ["a@b.c", None]
    assert loaded(file("Period 1," + f'{SCHOOL},2025,Math,"7\r",'))[0][4] == "7\r"


def test_a_last_row_may_lack_its_line_end_and_its_login() -> None:
    content = file(row())[:-1]
    assert loaded(content) == loaded(file(row()))
    assert loaded(content[:-1]) == loaded(file(row()))


def test_a_surplus_comma_is_overlooked_and_a_surplus_field_is_not() -> None:
    assert loaded(file(row() + ",")) == loaded(file(row()))
    with pytest.raises(LoadFailure, match="row 2 has more than six fields"):
        loaded(file(row(), row() + ",x"))


def test_a_surplus_field_in_a_last_line_without_end_is_overlooked() -> None:
    assert loaded(file(row(), row() + ",x")[:-1]) == loaded(file(row(), row()))


def test_quotes_and_escapes_count_in_surplus_fields_too() -> None:
    with pytest.raises(LoadFailure, match="more than six"):
        loaded(file(f'"Period 1",{SCHOOL},2025,Math,7000000001,,\\\n'))


@pytest.mark.parametrize("newline", ["\\n", "\\r\\n", "\\r"])
def test_a_blank_line_fails(newline: str) -> None:
    end = newline.replace("\\r", "\r").replace("\\n", "\n")
    with pytest.raises(LoadFailure) as caught:
        loaded(file(row(), "", row(), end=end), newline)
    assert (caught.value.row, caught.value.code) == (2, "blank_line")


def test_lines_that_end_otherwise_than_the_header_flow_together() -> None:
    mixed = file(end="\r\n") + (row(login="a@b.c") + "\n" + row(ssid="7000000002") + "\n").encode()
    assert loaded(mixed, "\\r\\n") == [["Period 1", SCHOOL, 2025, "Math", "7000000001", "a@b.c\nPeriod 1"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (file(row("NULL")), "value_is_null"),
        (file(row("\\N")), "value_is_null"),
        (file(row("n" * 256)), "value_too_long"),
        (file(row(ssid="7" * 66)), "value_too_long"),
        (file(row(login="a" * 256)), "value_too_long"),
        (file(row(subject="Math" + "\t" * 7 + ".")), "value_too_long"),
        (file(row("🌟")), "four_byte_character"),
        (file(row("X")).replace(b"X", b"Espa\xf1ol"), "not_utf8"),
        (file(row(year="２０２５")), "year_not_a_number"),
        (file(row(year="40000")), "year_not_a_number"),
        (file(row(year="9" * 5_000)), "year_not_a_number"),
        (file(row("Period 1\\")), "year_not_a_number"),
        (file("Period 1,1"), "short_row"),
        (file('"Period 1" ,1,2025,Math,,'), "short_row"),
    ],
)
def test_the_database_refuses(content: bytes, code: str) -> None:
    with pytest.raises(LoadFailure) as caught:
        loaded(content)
    assert (caught.value.row, caught.value.code) == (1, code)


def test_the_widths_are_counted_in_characters() -> None:
    assert loaded(file(row("班" * 255, ssid="7" * 65)))[0][0] == "班" * 255


def test_blanks_beyond_the_width_are_cut_off() -> None:
    assert loaded_name("n" * 255 + "\t \t") == "n" * 255
    assert loaded(file(row(subject="Math" + "\t" * 7)))[0][3] == "Math" + "\t" * 6


def test_a_character_cut_by_the_end_of_the_file_is_dropped() -> None:
    content = file(row(login="a@b.c"))[:-1] + b"\xc3"
    assert loaded(content)[0][5] == "a@b.c"


def test_the_header_ends_where_the_line_does_even_within_quotes() -> None:
    content = file(row(), header='a,b,c,d,e,f,"re\nmarks"')
    with pytest.raises(LoadFailure, match="row 1"):
        loaded(content)


@pytest.mark.parametrize("year", ["2025", "+2025", "02025", "0" * 5_000 + "2025", " 2025", "2025 "])
def test_years_may_be_written_in_these_ways(year: str) -> None:
    assert loaded(file(row(year=year)))[0][2] == 2025


field = st.text(st.characters(codec="ascii", exclude_characters=',"\\\r\n'), max_size=8)


@given(st.lists(st.tuples(field, field, field), min_size=1, max_size=5), st.booleans())
def test_the_quick_and_the_careful_way_read_the_same(rows: list[tuple[str, str, str]], crlf: bool) -> None:
    end, newline = ("\r\n", "\\r\\n") if crlf else ("\n", "\\n")
    rows = [("n" + name, ssid, login) for name, ssid, login in rows if "NULL" not in (ssid, login)]
    plain = file(*(row(*fields) for fields in rows), end=end)
    quoted = file(*(row(*(f'"{value}"' for value in fields)) for fields in rows), end=end)
    assert loaded(plain, newline) == loaded(quoted, newline)
