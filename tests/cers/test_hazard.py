"""Each kind of hazard: a file that has it, and what is said."""

from pathlib import Path

import pytest

from cersgroups.cers.hazard_kind import KINDS, kind
from cersgroups.cers.hazard_search import MAX_TOLD
from cersgroups.cers.known import Known
from cersgroups.cers.validation import validate
from cersgroups.cers.verdict import Verdict
from cersgroups.core.student_group import HEADER
from tests.cers.csv_file import KNOWN, OTHER_SCHOOL, file, row, ssid


def verdict(content: bytes) -> Verdict:
    found = validate(content, KNOWN)
    assert found.ok, found.results
    return found


def codes(content: bytes) -> set[str]:
    return {hazard.code for hazard in verdict(content).hazards}


WITH_HAZARD = [
    ("load_fails", file(row(), "", row())),
    ("load_fails", file(row(), end="\n") + b"\n"),
    ("load_fails", file(row("NULL"))),
    ("load_fails", file(row("🌟"))),
    ("load_fails", file(row("n" * 256))),
    ("rows_differ", file(end="\r\n") + (row(login="a@b.c") + "\n" + row() + "\n").encode()),
    ("line_ends", file() + (row() + "\r\n").encode()),
    ("columns", file(row(), header=",".join(HEADER) + ",remarks")),
    ("fields", file(row() + ",")),
    ("fields", file(row().rsplit(",", 1)[0])),
    ("backslash", file(row("Alg\\1"))),
    ("control_character", file(row("Period\t1"))),
    ("control_character", file(row('"Period\n1"'))),
    ("control_character", file(row("Per\u200biod"))),
    ("control_character", file(row("\ufeffPeriod"))),
    ("control_character", file(row(subject="Math\t"))),
    ("control_character", file(row("\u00a0Period 1"), row("Period 1"))),
    ("control_character", file(row("Period 1\u3000"))),
    ("value_changed", file(row(ssid="NULL"))),
    ("value_changed", file(row(login="\\N"))),
    ("value_changed", file(row("Alg\\1"))),
    ("name_invisible", file(row("\u00a0"))),
    ("subject_missing", file(row(), row(subject=""))),
    ("subject_not_trimmed", file(row(subject="\u2003Math"))),
    ("subject_not_trimmed", file(row(subject="Math\t"))),
    ("ssid_not_ten_digits", file(row(ssid="123"))),
    ("ssid_not_ten_digits", file(row(ssid="７０００００００01"))),
    ("login_not_an_email", file(row(login="ana"))),
    ("login_not_an_email", file(row(login="a@b.c;d@e.f"))),
    ("login_not_an_email", file(row(login="a@b.c d@e.f"))),
    ("login_not_an_email", file(row(login="ána@b.c"))),
    ("names_equal", file(row("Algebra"), row("ALGEBRA"))),
    ("names_equal", file(row("Jose"), row("Lab"), row("José"))),
    ("names_equal", file(row("Period 1"), row("Period 1 "))),
    ("logins_equal", file(row(login="Ana@b.c"), row(ssid=ssid(2), login="ana@b.c"))),
]


@pytest.mark.parametrize(("code", "content"), WITH_HAZARD)
def test_a_file_with_this_hazard_is_not_safe(code: str, content: bytes) -> None:
    assert code in codes(content)


WITHOUT_HAZARD = [
    file(row()),
    file(row(), end="\r\n"),
    file(row(), end="\r"),
    file(row())[:-1],
    b"\xef\xbb\xbf" + file(row()),
    file(row("Año 2")),
    file(row(" Año 2 ")),
    file(row("Año\u00a02")),
    file(row("Ruiz' Period 1")),
    file(row('"Ruiz, Period 1"')),
    file(row('"NULL"')),
    file(row(ssid="", login="")),
    file(row(ssid=""), row(login="ana.o'hara+1@fig-k.example")),
    file(row(subject="All")),
    file(row(subject="math")),
    file(row(), row(year="2026")),
    file(row("Algebra"), row("algebra", school=OTHER_SCHOOL)),
    file(row(login="a@b.c"), row("Period 2", login="A@B.C")),
    file(row(login="a@b.c"), row(login="a@b.c")),
]


@pytest.mark.parametrize("content", WITHOUT_HAZARD)
def test_an_innocent_file_is_safe(content: bytes) -> None:
    assert verdict(content).hazards == ()
    assert verdict(content).safe


def test_a_school_without_fourteen_digits_is_a_hazard_where_all_schools_are_known() -> None:
    found = validate(file(row(school="1611190130229")), Known(None, KNOWN.years))
    assert [hazard.code for hazard in found.hazards] == ["school_not_a_cds_code"]


def test_users_may_have_ten_thousand_bytes_and_no_more() -> None:
    logins = [f"{number:03}{'x' * 42}@b.c" for number in range(200)]
    assert len(",".join(logins)) == 9_999
    just = [*logins[:-1], "x" + logins[-1]]
    assert "users_too_long" not in codes(file(*(row(ssid="", login=login) for login in just)))
    over = [*logins[:-1], "xx" + logins[-1]]
    told = verdict(file(*(row(ssid="", login=login) for login in over))).hazards
    assert [(hazard.row, hazard.code) for hazard in told] == [(200, "users_too_long")]


def test_a_user_of_two_spellings_counts_once_among_the_bytes() -> None:
    logins = [f"{number:03}{'x' * 42}@b.c" for number in range(200)]
    again = logins[0].upper()
    assert codes(file(*(row(ssid="", login=login) for login in (*logins, again)))) == {"logins_equal"}


def test_a_user_on_every_row_counts_once() -> None:
    login = "x" * 100 + "@b.c"
    rows = [row(ssid=ssid(number), login=login) for number in range(150)]
    assert verdict(file(*rows)).safe


def test_a_hazard_says_where_what_and_what_to_do() -> None:
    told = verdict(file(row(), row(ssid="12"))).hazards[0]
    assert told.row == 2
    assert told.message == (
        "Row 2: The SSID 12 has not ten digits; a student who does not exist is created. "
        "Write the ten digits, or leave the SSID blank."
    )


def test_equal_names_are_told_once_for_each_spelling() -> None:
    rows = [row("Jose", ssid(1)), row("José", ssid(2)), row("José", ssid(3)), row("Jōse", ssid(4))]
    assert [hazard.row for hazard in verdict(file(*rows)).hazards] == [2, 4]


def test_what_many_rows_have_is_told_a_hundred_times_and_counted() -> None:
    rows = [row(f"Period {number}", ssid="1") for number in range(MAX_TOLD + 7)]
    hazards = verdict(file(*rows)).hazards
    assert len(hazards) == MAX_TOLD + 1
    assert hazards[-1].message == "7 more rows have the hazard ssid_not_ten_digits."


def test_control_characters_are_told_visibly() -> None:
    assert "Math\\t" in verdict(file(row(subject="Math\t"))).hazards[0].message


def test_every_kind_says_where_it_was_seen() -> None:
    assert all(each.source and each.sentence and each.advice for each in KINDS.values())
    assert all(code == code.lower() and code.replace("_", "").isalpha() for code in KINDS)


def test_every_kind_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "receiver.md").read_text(encoding="utf-8")
    assert [code for code in KINDS if f"`{code}`" not in manual] == []


def test_a_code_is_defined_once() -> None:
    with pytest.raises(ValueError, match="defined twice"):
        kind("backslash", "", "", "")


def test_a_refused_file_has_no_hazards_and_is_not_safe() -> None:
    refused = validate(file(row("a\\b", year="x")), KNOWN)
    assert refused.hazards == ()
    assert not refused.safe
