"""Whatever a parser gets, it reads it or says in a sentence why not; `make fuzz` tries for longer."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from cersgroups.core.error import RequestStop
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
    parser, [seed] = PARSERS[name]
    with pytest.raises(RequestStop, match="can be no path"):
        parser(seed.replace(b"secret.txt", b"a\\u0000b"))


ANSWERS = ("aeries_answer", "oneroster_answer", "receiver_answer")
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
