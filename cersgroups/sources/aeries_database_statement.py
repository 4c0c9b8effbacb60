"""The statements that read Aeries in SQL Server: plain SELECTs, for nearly every roster table one.

Deleted rows (DEL) are left out of every table they touch. Blanks, codes and flags are judged by aeries_value.py, not
here, because SQL Server does not tell padded blanks apart and others do. Rows that may have to be merged come
one after the other.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, exists, literal_column, null, select, union_all
from sqlalchemy.sql.expression import CompoundSelect

from cersgroups.sources.aeries_database_table import (
    AERIES_TABLES,
    CAR,
    CRS,
    FTF,
    LOC,
    MST,
    OPT,
    SEC,
    SGD,
    SGM,
    SGS,
    SSE,
    STF,
    STU,
    TCH,
    TRM,
    UGN,
)

Statement = Select[tuple[object, ...]] | CompoundSelect[tuple[object, ...]]

OPTIONS = ("TrackPrimaryClasses", "UseStaffIDBasedCounselorTracking", "SchedUseStaff")


def _rows(table: Table, *names: str, source: FromClause | None = None) -> Select[tuple[object, ...]]:
    """The named columns of what is not deleted."""
    columns = [table.c[name] for name in names]
    return select(*columns).select_from(table if source is None else source).where(table.c.DEL == 0)


def one_row(table: str) -> Statement:
    """Every column that we need, of one row: tells whether a table can be read."""
    found = AERIES_TABLES[table]
    return _rows(found, *found.columns.keys()).limit(1)


def schools() -> Statement:
    """All, the district's own row among them."""
    return _rows(LOC, "CD", "NM", "CC", "DC", "SC", "TG", "DNR", "E", "LO", "HI").order_by(LOC.c.CD)


def options() -> Statement:
    """The options of schools that matter here; school 0 is the district."""
    return _rows(OPT, "SC", "NM", "CD").where(OPT.c.NM.in_(OPTIONS)).order_by(OPT.c.SC)


def terms() -> Statement:
    """With their days, as far as they have any."""
    return _rows(TRM, "SC", "TM", "D1", "D2").order_by(TRM.c.SC, TRM.c.TM)


def courses() -> Statement:
    """The district's catalogue."""
    return _rows(CRS, "CN", "CO", "DC", "S1", "TG").order_by(CRS.c.CN)


def staff(with_accounts: bool = False) -> Statement:
    """One row for each of the staff, or one for each of their accounts, in the order of the user names."""
    columns = ("ID", "LN", "FN", "EM", "SID", "TG", "PSC", "LD")
    if not with_accounts:
        return _rows(STF, *columns).add_columns(null().label("account")).order_by(STF.c.ID)
    accounts = STF.outerjoin(UGN, and_(UGN.c.SID == STF.c.ID, UGN.c.DEL == 0))
    return _rows(STF, *columns, source=accounts).add_columns(UGN.c.EM.label("account")).order_by(STF.c.ID, UGN.c.UN)


def teachers() -> Statement:
    """The teacher records of all schools; at flex schools there may be none."""
    return _rows(TCH, "SC", "TN", "TE", "TF", "TLN", "EM", "ID", "ID2", "ID3", "TG").order_by(TCH.c.SC, TCH.c.TN)


def flex_periods() -> Statement:
    """The periods of flex schools; there are a few for each school."""
    return _rows(FTF, "SC", "SQ", "STI").order_by(FTF.c.SC, FTF.c.SQ)


def sections() -> Statement:
    """The master schedule, with up to three teacher numbers a section."""
    return _rows(
        MST, "SC", "SE", "PD", "FSQ", "CN", "SM", "TN", "TN2", "TN3", "SR1", "SR2", "SR3", "PC", "STG"
    ).order_by(MST.c.SC, MST.c.SE)


def schools_with_sections() -> Statement:
    """The schools that have a master schedule."""
    return _rows(MST, "SC").distinct().order_by(MST.c.SC)


def section_staff() -> Statement:
    """Who is set for a section by staff id; ended and inactive ones too."""
    return _rows(SSE, "SC", "SE", "ID", "PR", "SR", "SAC", "SD", "ED", "TG").order_by(
        SSE.c.SC, SSE.c.SE, SSE.c.ID, SSE.c.SD, SSE.c.TG
    )


def students() -> Statement:
    """One row for each school that a student is or was at; those of one student one after the other."""
    return _rows(STU, "ID", "CID", "LN", "FN", "SC", "GR", "TG", "CU", "CNS", "ED", "LD").order_by(
        STU.c.ID, STU.c.SC, STU.c.SN.desc()
    )


def rosters() -> Statement:
    """Who sits or sat in a section: from course attendance with days, and without from the current schedule for
    schools that have no course attendance at all (before it is initialised)."""
    dated = _seats(CAR, CAR.c.DS, CAR.c.DE)
    any_seat = CAR.alias("any_seat")
    initialised = exists(select(any_seat.c.SC).where(any_seat.c.SC == SEC.c.SC, any_seat.c.DEL == 0))
    undated = _seats(SEC, null(), null()).where(~initialised)
    both = union_all(dated, undated)
    return both.order_by(*(literal_column(name) for name in ('"SC"', '"SE"', '"ID"', '"DS"')))


def schools_with_attendance() -> Statement:
    """The schools that have course attendance."""
    return _rows(CAR, "SC").distinct().order_by(CAR.c.SC)


def _seats(table: Table, start: ColumnElement[Any], end: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    """Rows of CAR or SEC with the student's id: they name students by their number at that school."""
    students = table.join(STU, and_(STU.c.SC == table.c.SC, STU.c.SN == table.c.SN, STU.c.DEL == 0))
    cells = (STU.c.ID.label("ID"), start.label("DS"), end.label("DE"))
    return _rows(table, "SC", "SE", source=students).add_columns(*cells)


def student_groups() -> Statement:
    """Confidential and expired ones too."""
    return _rows(SGD, "GI", "GN", "DX", "CG").order_by(SGD.c.GI)


def group_members() -> Statement:
    """Who is in them, by student id."""
    return _rows(SGM, "GI", "ID").distinct().order_by(SGM.c.GI, SGM.c.ID)


def group_staff() -> Statement:
    """Whose they are, by staff id."""
    return _rows(SGS, "GI", "ID").distinct().order_by(SGS.c.GI, SGS.c.ID)


def staff_with_accounts() -> Statement:
    """As `staff`, with accounts."""
    return staff(with_accounts=True)


STATEMENTS: dict[Callable[[], Statement], str] = {
    schools: "LOC",
    options: "OPT",
    schools_with_sections: "MST",
    terms: "TRM",
    courses: "CRS",
    staff: "STF",
    staff_with_accounts: "STF, UGN",
    teachers: "TCH",
    flex_periods: "FTF",
    sections: "MST",
    section_staff: "SSE",
    students: "STU",
    schools_with_attendance: "CAR",
    rosters: "CAR, SEC, STU",
    student_groups: "SGD",
    group_members: "SGM",
    group_staff: "SGS",
}
"""Every statement of a sync, with the tables that it reads."""
