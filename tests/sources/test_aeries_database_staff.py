"""Staff and teacher records of an Aeries database, and whose e-mail counts."""

from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from cersgroups.sources.aeries_database_staff import EMAIL_ORDERS
from tests.sources.aeries_schema import ELEMENTARY, FLEX, MASTER, put
from tests.sources.aeries_stage import read

Aeries = psycopg.Connection


def _staff(aeries: Aeries) -> None:
    put(aeries, "STF", ID=1, LN="Ruiz ", FN="Ana", EM="ana@stf.example ", SID="1000000001", TG=" ", PSC=FLEX)
    put(aeries, "STF", ID=2, LN="Chen", FN="Bo", EM=None, SID=None, TG="I", PSC=0, LD=datetime(2026, 9, 1))
    put(aeries, "STF", ID=3, LN="Park", FN="Di", EM="", TG=None, PSC=None, LD=datetime(2026, 11, 23))
    put(aeries, "STF", ID=0, LN="nobody")
    put(aeries, "UGN", SID=1, UN="a", EM="ana@ugn.example")
    put(aeries, "UGN", SID=1, UN="b", EM="other@ugn.example")
    put(aeries, "UGN", SID=1, UN="0", EM="old@ugn.example", DEL=1)
    put(aeries, "UGN", SID=2, UN="c", EM=" ")
    put(aeries, "UGN", SID=2, UN="d", EM="bo@ugn.example")
    put(aeries, "UGN", SID=0, UN="e", EM="nobody@ugn.example")
    put(aeries, "TCH", SC=MASTER, TN=301, TE="Ruiz, A", TF="Ana", TLN="Ruiz", EM="ana@tch.example", ID=1, ID2=2, ID3=0)
    put(aeries, "TCH", SC=MASTER, TN=302, TE="Chen", TF="Bo", TLN="", EM=" ", ID=2, ID2=None, TG="I")
    put(aeries, "TCH", SC=ELEMENTARY, TN=101, TE="Vacant", EM="v@tch.example", ID=0)
    put(aeries, "TCH", SC=ELEMENTARY, TN=0, TE="nobody")
    put(aeries, "TCH", SC=FLEX, TN=401, TLN="of no account", ID=3)
    put(aeries, "TCH", SC=MASTER, TN=303, TLN="Park", EM="di@tch.example", ID=3)


@pytest.mark.parametrize(
    ("order", "staff", "teachers"),
    [
        ("TCH, STF", ["ana@stf.example", "", ""], ["v@tch.example", "ana@tch.example", "", "di@tch.example"]),
        ("STF, TCH", ["ana@stf.example", "", ""], ["v@tch.example", "", "", "di@tch.example"]),
        (
            "TCH, STF, UGN",
            ["ana@stf.example", "bo@ugn.example", ""],
            ["v@tch.example", "ana@tch.example", "", "di@tch.example"],
        ),
        ("UGN, STF, TCH", ["ana@ugn.example", "bo@ugn.example", ""], ["v@tch.example", "", "", "di@tch.example"]),
    ],
)
def test_emails_are_whose_was_chosen(
    aeries: Aeries, tmp_path: Path, order: str, staff: list[str], teachers: list[str]
) -> None:
    assert order in EMAIL_ORDERS
    _staff(aeries)
    found = read(tmp_path / "roster", email_order=order)
    assert [row["email"] for row in found.tables["staff"]] == staff
    assert [row["email"] for row in found.tables["teachers"]] == teachers
    assert ("aeries_several_accounts" in found.findings) == ("UGN" in order)


def test_staff_and_teacher_records_are_as_they_stand(aeries: Aeries, tmp_path: Path) -> None:
    _staff(aeries)
    found = read(tmp_path / "roster")
    assert [list(row.values()) for row in found.tables["staff"]] == [
        ["1", "Ruiz", "Ana", "ana@stf.example", "1000000001", "true", "30|40"],
        ["2", "Chen", "Bo", "", "", "false", "30"],
        ["3", "Park", "Di", "", "", "true", "30"],
    ]
    assert [[*list(row.values())[:5], row["active"]] for row in found.tables["teachers"]] == [
        ["10", "101", "", "Vacant", "", "true"],
        ["30", "301", "1", "Ruiz", "Ana", "true"],
        ["30", "302", "2", "Chen", "Bo", "false"],
        ["30", "303", "3", "Park", "", "true"],
    ]
    assert {code: [row.key for row in finding.rows] for code, finding in found.findings.items()} == {
        "aeries_staff_left": ["3"],
        "aeries_teacher_team": ["30/301"],
    }
