"""Every statement is one SELECT of T-SQL that a real parser knows, and leaves deleted rows out of every table."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlglot
from sqlalchemy.dialects import mssql
from sqlglot import exp

from cersgroups.sources.aeries_database_statement import STATEMENTS, Statement, one_row
from cersgroups.sources.aeries_database_table import AERIES_TABLES, grant, grants

ALL: dict[str, Statement] = {make.__name__: make() for make in STATEMENTS}
ALL |= {f"one row of {name}": one_row(name) for name in AERIES_TABLES}


def t_sql(statement: Statement) -> str:
    """As SQL Server gets it, the values written out."""
    return str(statement.compile(dialect=mssql.dialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[no-untyped-call]


def parsed(statement: Statement) -> exp.Expr:
    trees = sqlglot.parse(t_sql(statement), read="tsql", error_level=sqlglot.ErrorLevel.RAISE)
    assert len(trees) == 1
    tree = trees[0]
    assert tree is not None
    return tree


def conditions(node: exp.Expr | None) -> Iterator[exp.Expr]:
    """What must all be true."""
    if isinstance(node, exp.And):
        yield from conditions(node.left)
        yield from conditions(node.right)
    elif node is not None:
        yield node


def not_deleted(select: exp.Select) -> set[str]:
    """The tables (names or aliases) for which this SELECT asks `DEL = 0`, in WHERE or in the join that brings them."""
    asked = list(conditions(select.args["where"].this))
    for join in select.args.get("joins") or []:
        asked += conditions(join.args.get("on"))
    return {
        condition.left.table
        for condition in asked
        if isinstance(condition, exp.EQ)
        and isinstance(condition.left, exp.Column)
        and condition.left.name == "DEL"
        and condition.right == exp.Literal.number(0)
    }


def tables_of(select: exp.Select) -> set[str]:
    """Those in FROM and JOIN of this SELECT itself, by alias or name."""
    return {table.alias_or_name for table in select.find_all(exp.Table) if table.parent_select is select}


@pytest.mark.parametrize("name", ALL)
def test_a_statement_only_selects_and_is_understood_whole(name: str) -> None:
    tree = parsed(ALL[name])
    assert isinstance(tree, exp.Select | exp.Union)
    assert not list(tree.find_all(exp.Command, exp.Into, exp.Insert, exp.Update, exp.Delete, exp.Anonymous))
    assert sqlglot.parse_one(tree.sql(dialect="tsql"), read="tsql") == tree


@pytest.mark.parametrize("name", ALL)
def test_every_table_of_every_select_leaves_deleted_rows_out(name: str) -> None:
    selects = list(parsed(ALL[name]).find_all(exp.Select))
    assert selects
    for select in selects:
        assert tables_of(select) == not_deleted(select)


@pytest.mark.parametrize("make", STATEMENTS, ids=lambda make: make.__name__)
def test_a_statement_reads_the_tables_that_it_says(make: Callable[[], Statement]) -> None:
    found = list(parsed(make()).find_all(exp.Table))
    assert {table.name for table in found} == set(STATEMENTS[make].split(", "))
    assert {table.db for table in found} == {"dbo"}


def test_statements_ask_for_granted_columns_only() -> None:
    for statement in ALL.values():
        tree = parsed(statement)
        aliases = {table.alias_or_name: table.name for table in tree.find_all(exp.Table)}
        for column in tree.find_all(exp.Column):
            if column.table:
                assert column.name in AERIES_TABLES[aliases[column.table]].columns


def test_every_granted_column_is_used() -> None:
    used = {
        (table.name, column.name)
        for statement in (make() for make in STATEMENTS)
        for tree in (parsed(statement),)
        for table in tree.find_all(exp.Table)
        for column in tree.find_all(exp.Column)
        if column.table == table.alias_or_name
    }
    assert used == {(name, column) for name, table in AERIES_TABLES.items() for column in table.columns.keys()}  # noqa: SIM118


def test_one_row_takes_one_row() -> None:
    assert t_sql(one_row("STU")).startswith("SELECT TOP 1 dbo.")


def test_the_script_in_the_docs_grants_just_that() -> None:
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("GRANT")] == grants("cersgroups").splitlines()


def test_grants_name_columns_and_can_be_parsed() -> None:
    assert grant("SEC", "cers") == "GRANT SELECT (SC, SN, SE, DEL) ON dbo.SEC TO [cers];"
    assert grant("SEC", "odd]name").endswith("TO [odd]]name];")
    lines = grants("cers").splitlines()
    assert len(lines) == len(AERIES_TABLES)
    assert all(isinstance(sqlglot.parse_one(line, read="tsql"), exp.Grant) for line in lines)
