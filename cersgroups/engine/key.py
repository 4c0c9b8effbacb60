"""Typed tables with unique, filled keys: `<table>` made from `raw_<table>`, faults told or found."""

from cersgroups.core.error import DataStop
from cersgroups.core.roster import Table
from cersgroups.engine.cell import Where, typed
from cersgroups.engine.database import Connection, name, text


def key_text(table: Table, alias: str = "") -> str:
    """SQL: the key of a row as people read it, its cells joined by `/`."""
    prefix = f"{alias}." if alias else ""
    cells = ", ".join(f"CAST({prefix}{name(c)} AS VARCHAR)" for c in table.key)
    return f"concat_ws('/', {cells})"


def school_of(table: Table, alias: str = "") -> str:
    prefix = f"{alias}." if alias else ""
    return f"{prefix}school_id" if "school_id" in table.column_names else "NULL"


def create_table(connection: Connection, table: Table, where: Where) -> None:
    """Make `<table>` of `raw_<table>`: typed, without rows that lack a key cell, each key once.

    Raises DataStop if two rows with the same key differ in another cell.
    """
    columns = ", ".join(f"{typed(c, name(c.name))} AS {name(c.name)}" for c in table.columns)
    connection.execute(
        f"CREATE TABLE {table.name} AS SELECT {columns}, rowid AS row FROM raw_{table.name}; "
        f"DROP TABLE raw_{table.name}"
    )
    _leave_out_blank_keys(connection, table)
    _unite_duplicates(connection, table, where)


def _leave_out_blank_keys(connection: Connection, table: Table) -> None:
    filled = [c for c in table.key if c not in table.may_be_blank]
    blank = " OR ".join(f"{name(c)} IS NULL" for c in filled)
    if table.name == "section_staff":
        blank += " OR (staff_id IS NULL AND teacher_number IS NULL)"
    connection.execute(
        f"INSERT INTO finding_row SELECT 'blank_key', {school_of(table)}, {text(table.name)}, "
        f"{key_text(table)}, NULL, 'row ' || (row + 1) FROM {table.name} WHERE {blank}"
    )
    connection.execute(f"DELETE FROM {table.name} WHERE {blank}")


def _unite_duplicates(connection: Connection, table: Table, where: Where) -> None:
    key = ", ".join(map(name, table.key))
    connection.execute(
        f"CREATE OR REPLACE TABLE duplicate AS SELECT {key}, min(row) AS first FROM {table.name} "
        f"GROUP BY {key} HAVING count(*) > 1"
    )
    if not connection.execute("SELECT 1 FROM duplicate LIMIT 1").fetchone():
        return
    same_key = " AND ".join(f"t.{name(c)} IS NOT DISTINCT FROM d.{name(c)}" for c in table.key)
    differs = " OR ".join(f"t.{name(c)} IS DISTINCT FROM f.{name(c)}" for c in table.column_names)
    found = connection.execute(
        f"SELECT d.first, t.row, {key_text(table, 't')} FROM {table.name} t JOIN duplicate d ON {same_key} "
        f"JOIN {table.name} f ON f.row = d.first WHERE {differs} ORDER BY t.row LIMIT 1"
    ).fetchone()
    if found:
        first, second, key_value = found
        raise DataStop(
            f"{where(first)} and {where(second)}: the key {key_value} ({', '.join(table.key)}) "
            f"stands twice in {table.name} with different cells. Keep the row that is right."
        )
    connection.execute(
        f"INSERT INTO finding_row SELECT 'identical_row', {school_of(table, 't')}, {text(table.name)}, "
        f"{key_text(table, 't')}, NULL, NULL FROM {table.name} t JOIN duplicate d ON {same_key} "
        f"WHERE t.row > d.first"
    )
    connection.execute(
        f"DELETE FROM {table.name} WHERE row IN (SELECT t.row FROM {table.name} t JOIN duplicate d "
        f"ON {same_key} WHERE t.row > d.first)"
    )
