"""What an Aeries database may hold, as a function of bytes (parser.py): cells of whatever type the driver may give."""

from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.sql.expression import CompoundSelect

from cersgroups.core.storable import storable
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from cersgroups.sources.aeries_database import LABELS, check_tables, write_roster
from cersgroups.sources.aeries_database_reading import Reading
from cersgroups.sources.aeries_database_staff import EMAIL_ORDERS
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

DAY = date(2026, 11, 23)
Rows = Sequence[Mapping[str, object]]


def database_rows(content: bytes) -> None:
    """The first line names a table, the second its columns, the others are rows; the other tables are a tiny LEA's.

    What is made of a roster folder with any texts in it is the matter of `roster_table`.
    """
    table, _, rows = content.partition(b"\n")
    name = table.decode("ascii", "ignore").strip()
    given = {name: rows} if name in DATABASE else {"STU": content}
    read_rows({name: rows_of(written) for name, written in {**DATABASE, **given}.items()}, converted=False)


def read_rows(tables: Mapping[str, Rows], *, converted: bool = True) -> dict[str, str]:
    """Read them as a sync does, and up to a snapshot if it is to be `converted`; the roster's tables as text."""
    connection, tally = cast(Connection, _Connection(tables)), Tally()
    with TemporaryDirectory() as name:
        folder = Path(name) / "fetched"
        folder.mkdir()
        with RosterTables(folder) as written:
            write_roster(Reading(connection, "reader", DAY, written, tally), EMAIL_ORDERS[1], _told)
        if converted:
            for check in check_tables(connection, "reader", EMAIL_ORDERS[1], 2027):
                assert check.sentence == storable(check.sentence)
            roster = RosterFolder(folder, LABELS)
            write_snapshot(roster, Path(name) / "snapshot", source="Aeries database", findings=tally.findings())
        return {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def _told(what: str, _share: float) -> None:
    assert what == storable(what)


def rows_of(written: bytes) -> Rows:
    """Cells are parted by tabs; each begins with the letter of its type (`_TYPES`), or is NULL."""
    head, *lines = written.split(b"\n")
    names = [name.decode("ascii", "ignore") for name in head.split(b"\t")]
    return [dict(zip(names, map(_cell, line.split(b"\t")), strict=False)) for line in lines if line]


def _cell(written: bytes) -> object:
    """A text where the rest is none of its type: halves of characters are among them."""
    kind, rest = written[:1].decode("latin-1"), written[1:].decode("utf-8", "surrogateescape")
    with suppress(ValueError, ArithmeticError, KeyError):
        return _TYPES[kind](rest)
    return rest or None


_TYPES: dict[str, Any] = {
    "i": int,
    "f": float,
    "D": Decimal,
    "?": bool,
    "b": partial(bytes, encoding="utf-8", errors="replace"),
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
    "c": time.fromisoformat,
}


class _Connection:
    """Answers our statements with the rows given, whatever the statement would leave out."""

    def __init__(self, tables: Mapping[str, Rows]) -> None:
        self.tables = tables

    def execution_options(self, **_options: object) -> "_Connection":
        return self

    def execute(self, statement: Any) -> "_Result":
        first: Any = statement.selects[0] if isinstance(statement, CompoundSelect) else statement
        table = first.get_final_froms()[0]
        names: list[str] = first.selected_columns.keys()
        row: Any = namedtuple("row", names)  # type: ignore[misc]
        rows = self.tables[getattr(table, "left", table).name]
        return _Result([row(*(cells.get(name) for name in names)) for cells in rows])

    def rollback(self) -> None: ...


class _Result(nullcontext[Any]):
    def __init__(self, rows: Sequence[Any]) -> None:
        super().__init__(self)
        self.rows = rows

    def partitions(self) -> Iterator[Sequence[Any]]:
        yield self.rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def first(self) -> Any:
        return self.rows[0] if self.rows else None


DATABASE = {
    "LOC": b"CD\tNM\tCC\tDC\tSC\tTG\tDNR\tE\tLO\tHI\n"
    b"i0\tsTiny\ts99\ts10000\ts0000000\ts \t\ts2\ti-1\ti12\ni1\tsOne\ts99\ts10000\ts0000001\ts \t\ts2\ti6\ti8\n"
    b"i2\tsTwo\ts99\ts10000\ts0000002\ts\t\ts3\ti9\ti12\n",
    "OPT": b"SC\tNM\tCD\ni0\tsTrackPrimaryClasses\tsTrue\ni2\tsUseStaffIDBasedCounselorTracking\tsTrue\n",
    "TRM": b"SC\tTM\tD1\tD2\ni1\tsY\tt2026-08-15T00:00:00\tt2027-06-10T00:00:00\ni2\tsY\td2026-08-15\ts2027-06-10\n",
    "CRS": b"CN\tCO\tDC\tS1\tTG\nsA\tsArt\tsART\tsV\ts\n",
    "STF": b"ID\tLN\tFN\tEM\tSID\tTG\tPSC\tLD\taccount\n"
    b"i7\tsOak\tsAda\tsoak@tiny.example\ts1\ts\ti1\t\tsa@tiny.example\n",
    "UGN": b"SID\tUN\tEM\ni7\tsoak\tsa@tiny.example\n",
    "TCH": b"SC\tTN\tTE\tTF\tTLN\tEM\tID\tID2\tID3\tTG\ni1\ti5\tsOak, A\tsAda\tsOak\t\ti7\ti0\t\ts\n",
    "FTF": b"SC\tSQ\tSTI\ni2\ti1\tsFirst\n",
    "MST": b"SC\tSE\tPD\tFSQ\tCN\tSM\tTN\tTN2\tTN3\tSR1\tSR2\tSR3\tPC\tSTG\n"
    b"i1\ti3\tD1.00\ti0\tsA\tsY\ti5\ti0\t\ts\ts\ts\t?1\ts\ni2\ti4\ts1\tf1.0\tsA\tsY\ti0\ti0\t\ts\ts\ts\t\ts\n",
    "SSE": b"SC\tSE\tID\tPR\tSR\tSAC\tSD\tED\tTG\ni2\ti4\ti7\t?1\ts\t?1\tt2026-08-15T00:00:00\t\ts\n",
    "STU": b"ID\tCID\tLN\tFN\tSC\tGR\tTG\tCU\tCNS\tED\tLD\n"
    b"i5\ts1234567890\tsFir\tsUma\ti1\ti7\ts\ti5\ti0\tt2026-08-15T00:00:00\t\n"
    b"i6\tD1234567891.0\tsElm\tsBo\ti2\ti9\ts\ti0\ti7\t\t\n",
    "CAR": b"SC\tSE\tID\tDS\tDE\ni1\ti3\ti5\tt2026-08-15T00:00:00\t\ni2\ti4\ti6\tt2026-08-15T00:00:00\t\n",
    "SEC": b"SC\tSN\tSE\ni1\ti1\ti3\n",
    "SGD": b"GI\tGN\tDX\tCG\nsAVID\tsAVID\t\t\n",
    "SGM": b"GI\tID\nsAVID\ti5\n",
    "SGS": b"GI\tID\nsAVID\ti7\n",
}
"""A tiny LEA's rows, by table."""
