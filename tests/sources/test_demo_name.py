"""The names of the demo district."""

from collections import Counter
from random import Random

import pytest

from cersgroups.core.names import token
from cersgroups.sources.demo_name import ORIGINS, SPELLINGS, Name, names


def test_names_are_the_same_with_the_same_dice() -> None:
    assert names(Random(7), 500) == names(Random(7), 500)
    assert names(Random(7), 500) != names(Random(8), 500)


def test_so_many_names_come_as_are_asked_for() -> None:
    assert [len(names(Random(1), count)) for count in (0, 1, 250)] == [0, 1, 250]


def test_every_origin_comes_by_its_share() -> None:
    assert sum(origin.share for origin in ORIGINS) == 100
    origin_of = {first: origin for origin in ORIGINS for first in origin.given}
    drawn = Counter(origin_of[first] for _, first in names(Random(3), 20_000))
    for origin in ORIGINS:
        assert drawn[origin] == pytest.approx(200 * origin.share, rel=0.5)


def test_no_name_needs_quotes_in_a_csv_file() -> None:
    for origin in ORIGINS:
        for name in (*origin.given, *origin.family):
            assert name == name.strip()
            assert name.isprintable()
            assert not set(',"') & set(name)


def test_some_have_two_family_names_and_some_a_hyphen() -> None:
    last = [last for last, _ in names(Random(2), 3000)]
    families = {family for origin in ORIGINS for family in origin.family}
    joined = [name for name in last if name not in families]
    assert any(" " in name for name in joined)
    assert any("-" in name for name in joined)


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_other_spellings_are_other_names_with_the_same_token(one: Name, other: Name) -> None:
    assert one != other
    assert token(" ".join(one)).lower() == token(" ".join(other)).lower()
