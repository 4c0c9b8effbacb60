"""Whatever a parser gets, it reads it or says in a sentence why not; `make fuzz` tries for longer."""

import random

import pytest

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
