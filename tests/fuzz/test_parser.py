"""Whatever a parser gets, it reads it or says in a sentence why not; `make fuzz` tries for longer."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from cersgroups.core.error import RequestStop, Stop
from cersgroups.core.storable import storable
from tests.fuzz.database_parser import DATABASE, Rows, read_rows, rows_of
from tests.fuzz.parser import PARSERS, throw

_DAMAGES = 12


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_right_is_read(name: str) -> None:
    parser, seeds = PARSERS[name]
    for seed in seeds:
        parser(seed)


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_damaged_is_told_in_a_sentence(name: str) -> None:
    parser, seeds = PARSERS[name]
    for number in range(_DAMAGES):
        throw(parser, damaged(seeds[number % len(seeds)], random.Random(number)))


@pytest.mark.parametrize("name", ["credential_toml", "source_toml"])
def test_a_secret_whose_name_can_be_no_path_is_told(name: str) -> None:
    parser, [seed, *_] = PARSERS[name]
    with pytest.raises(RequestStop, match="can be no path"):
        parser(seed.replace(b"secret.txt", b"a\\u0000b"))


MANY_DIGITS = "9" * 5_000
"""More than Python makes a number of; atheris throws no more than 4,096 bytes."""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("profile_toml", f"school_year = {MANY_DIGITS}"),
        ("profile_toml", f"schools = {'[' * 5_000}"),
        ("mapping_toml", f"ssid = {MANY_DIGITS}"),
        ("credential_toml", f"kind = {MANY_DIGITS}"),
        ("source_toml", f"kind = {MANY_DIGITS}"),
        ("json_answer", f'[{{"a": {MANY_DIGITS}}}]'),
        ("json_answer", f'[{{"a": {"[" * 5_000}'),
        ("aeries_answer", f'schools\n[{{"SchoolCode": {MANY_DIGITS}}}]'),
        ("token_answer", f'{{"access_token": "a", "expires_in": {MANY_DIGITS}}}'),
        ("receiver_answer", f'{{"id": {MANY_DIGITS}}}'),
        ("server_header", MANY_DIGITS),
        ("setting", MANY_DIGITS),
        ("setting", "http://["),
        ("refusal", f'{{"message": {MANY_DIGITS}}}'),
        ("backup_contents", f'{{"format": {MANY_DIGITS}}}'),
        ("backup_contents", "[" * 100_000),
        ("snapshot_manifest", f'{{"schema_version": {MANY_DIGITS}}}'),
        ("snapshot_manifest", "[" * 100_000),
        ("ledger_manifest", "[" * 100_000),
        ("database_rows", f"STU\nID\ni{MANY_DIGITS}"),
    ],
    ids=lambda value: value[:20],
)
def test_what_has_no_end_is_told_in_a_sentence(name: str, content: str) -> None:
    throw(PARSERS[name][0], content.encode())


CELLS: tuple[object, ...] = (
    *(None, "", "\0", "\ud800", "x" * 70_000, 'a"b\r\n,c', "=1+1", "9999-12-31", "2026-02-30", "0", "-1", "²"),
    *(b"", b"\xff\0", bytearray(b"1"), True, False, 0, -1, 2**63, -(2**63)),
    *(0.0, -0.0, 1.5, 1e16, 1e300, float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("1E+30")),
    *(Decimal("7.00"), date.min, date.max, datetime.max, datetime(2026, 11, 24, tzinfo=UTC), time(8), UUID(int=7)),
)
"""What a driver may give for a cell, and some that none gives."""


@pytest.mark.parametrize("many", [3, pytest.param(len(CELLS), marks=pytest.mark.thorough)])
@pytest.mark.parametrize("table", DATABASE)
def test_whatever_is_in_a_cell_of_a_database_is_read_or_told_in_a_sentence(table: str, many: int) -> None:
    for told, tables in with_odd_cells(table, many):
        shown = told_or_read(tables)
        assert shown == storable(shown), told
        assert not re.search(r"b'|bytearray|Decimal|\b(nan|inf|NaN)\b|e\+|\0", shown), told


@pytest.mark.thorough
@pytest.mark.parametrize("table", DATABASE)
def test_whatever_is_in_a_cell_of_a_database_becomes_a_snapshot_or_a_sentence(table: str) -> None:
    for _told, tables in with_odd_cells(table, 3):
        with suppress(Stop):
            read_rows(tables)


def with_odd_cells(table: str, many: int) -> Iterator[tuple[str, dict[str, Rows]]]:
    """The tiny database with so many odd cells in the last row of the table, one at a time; which it is."""
    whole = {name: rows_of(written) for name, written in DATABASE.items()}
    *others, last = whole[table]
    for column in last:
        for cell in random.Random(f"{table} {column}").sample(CELLS, many):
            yield f"{column} is {cell!r:.50}", {**whole, table: [*others, {**last, column: cell}]}


def told_or_read(tables: Mapping[str, Rows]) -> str:
    """The roster's tables, or the sentence of the Stop."""
    try:
        return "".join(read_rows(tables, converted=False).values())
    except Stop as stop:
        return str(stop)


ANSWERS = (
    *("aeries_answer", "oneroster_answer", "receiver_answer", "refusal"),
    *("backup_contents", "snapshot_manifest", "ledger_manifest"),
)
ODD: tuple[object, ...] = (None, True, -1, "\ud800", "\0", "x" * 20_000, [], {"a": 1}, [[]])


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name in ANSWERS for number in range(len(PARSERS[name][1]))]
)
def test_an_odd_value_anywhere_in_an_answer_is_read_or_told_in_a_sentence(name: str, number: int) -> None:
    parser, seeds = PARSERS[name]
    address, _, body = seeds[number].rpartition(b"\n")
    for changed in with_odd_values(json.loads(body)):
        throw(parser, address + b"\n" + json.dumps(changed).encode())


def with_odd_values(value: Any) -> Iterator[Any]:
    """The JSON value with one value in it, or itself, replaced by each of the odd ones."""
    yield from ODD
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        for changed in with_odd_values(inner):
            copy = value.copy()
            copy[key] = changed
            yield copy


def damaged(content: bytes, chance: random.Random) -> bytes:
    """With a few bytes replaced, left out or put twice."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(found) + 1)
        match chance.randrange(4):
            case 0:
                found[place : place + 1] = chance.choice([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"\\", b"|", b"="])
            case 1:
                del found[place : place + chance.randint(1, 20)]
            case 2:
                found[place:place] = found[place : place + chance.randint(1, 200)]
            case _:
                found[place:place] = bytes(chance.randrange(256) for _ in range(3))
    return bytes(found)
