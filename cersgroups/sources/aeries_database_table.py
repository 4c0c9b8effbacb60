"""The tables of Aeries in SQL Server, with only the columns that a roster needs (reference "SIS sources", section 2).

These columns are all that is ever asked for: a login that may read them and nothing else is enough (`grant`).
"""

from collections.abc import Iterable

from sqlalchemy import Column, Integer, MetaData, Table

_SCHEMA = "dbo"
_METADATA = MetaData(schema=_SCHEMA)


def _table(name: str, columns: str) -> Table:
    """A table with these columns, and DEL, which marks deleted rows. Cells have no types: read as they come."""
    return Table(name, _METADATA, *map(Column, columns.split()), Column("DEL", Integer()))


LOC = _table("LOC", "CD NM CC DC SC TG DNR E LO HI")
OPT = _table("OPT", "SC NM CD")
TRM = _table("TRM", "SC TM D1 D2")
CRS = _table("CRS", "CN CO DC S1 TG")
STF = _table("STF", "ID LN FN EM SID TG PSC LD")
UGN = _table("UGN", "SID UN EM")
TCH = _table("TCH", "SC TN TE TF TLN EM ID ID2 ID3 TG")
FTF = _table("FTF", "SC SQ STI")
MST = _table("MST", "SC SE PD FSQ CN SM TN TN2 TN3 SR1 SR2 SR3 PC STG")
SSE = _table("SSE", "SC SE ID PR SR SAC SD ED TG")
STU = _table("STU", "SC SN ID CID LN FN GR TG CU CNS ED LD")
CAR = _table("CAR", "SC SN SE DS DE")
SEC = _table("SEC", "SC SN SE")
SGD = _table("SGD", "GI GN DX CG")
SGM = _table("SGM", "GI ID")
SGS = _table("SGS", "GI ID")

AERIES_TABLES = {
    table.name: table for table in (LOC, OPT, TRM, CRS, STF, UGN, TCH, FTF, MST, SSE, STU, CAR, SEC, SGD, SGM, SGS)
}


def grant(table: str, login: str) -> str:
    """The statement with which a database's administrator lets the login read what we need of a table."""
    columns = ", ".join(AERIES_TABLES[table].columns.keys())
    return f"GRANT SELECT ({columns}) ON {_SCHEMA}.{table} TO [{login.replace(']', ']]')}];"


def grants(login: str, tables: Iterable[str] = AERIES_TABLES) -> str:
    """All of them, one a line."""
    return "".join(f"{grant(table, login)}\n" for table in tables)
