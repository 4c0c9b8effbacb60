"""A password made of what anybody would try here is refused; a sentence that only mentions it is not."""

from pathlib import Path

import pytest

from cersgroups.core.password import ENOUGH, OF_ANY_LEA, OF_THE_TRADE, fault_of

LEAS = ["Live Oak Unified School District", "Corona-Norco Unified", "Ojai Elementary"]
HOST = "groups.district.example"


@pytest.mark.parametrize(
    ("password", "own"),
    [
        ("My Live Oak is a nice place", "Live Oak"),
        ("LIVEOAK-2026-2027", "Live Oak"),
        ("live.oak!and!more!of!it", "Live Oak"),
        ("the corona norco trail", "Corona-Norco"),
        ("hello groups.district.example", HOST),
    ],
)
def test_the_name_of_the_lea_or_the_site_is_refused_wherever_it_stands(password: str, own: str) -> None:
    assert f"contains “{own}”" in str(fault_of(password, LEAS, HOST))


@pytest.mark.parametrize(
    "password",
    [
        "Student-Groups-2026",
        "smarter balanced 1!",
        "CERS caaspp TOMS",
        "CERS-1234-5678-9012",
        "unified school district",
        "Norco Norco 123",
        "Elementary Teacher",
        "district groups 99",
    ],
)
def test_hardly_more_than_words_of_the_work_is_refused(password: str) -> None:
    assert "little more than words that anybody would try here" in str(fault_of(password, LEAS, HOST))


@pytest.mark.parametrize(
    "password",
    [
        "a long enough sentence",
        "seven purple bicycles at school",
        "customs officers like tea",
        "83920175445820",
        "an oak that lives in the yard",
        "ojai has very good oranges",
        "xK9#mPq2$vLw",
    ],
)
def test_other_words_are_taken(password: str) -> None:
    assert fault_of(password, LEAS, HOST) is None


@pytest.mark.parametrize("name", ["", "Unified", "–", "Fig", "A B"])
def test_a_name_that_is_hardly_one_forbids_nothing(name: str) -> None:
    assert fault_of("a fig tree by the little river", [name], "127.0.0.1") is None


def test_accents_make_no_difference() -> None:
    assert fault_of("canoncity for ever and ever", ["Cañóncity Unified"], HOST)


def test_the_words_are_in_the_documents() -> None:
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    told = page.split("## Words that no password may be made of")[1].split("\n## ")[0]
    assert [word for word in (*OF_THE_TRADE, *OF_ANY_LEA, str(ENOUGH)) if word not in told] == []
