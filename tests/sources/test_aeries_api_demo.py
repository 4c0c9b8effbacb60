"""The demo district, told by Aeries and fetched again, gives the extract that its roster folder gives: all six types.

What Aeries cannot tell, and the stand-in therefore changes (tests/sources/aeries_district.py), changes nothing in the
files: a section of several terms is told as one of the whole year; class records without dates get those of the year;
a grade that is none has no name; inactive schools are listed without their terms. Numbers of sections and codes of
groups stay texts in the stand-in, where Aeries' own are numbers, because names are made of them.
"""

from pathlib import Path

import pytest

from cersgroups.sources.demo import District, write_roster
from tests.sources.aeries_api_sync import fetched, impatient  # noqa: F401 - a fixture
from tests.sources.aeries_district import Spelling
from tests.sources.aeries_server import AeriesServer
from tests.sources.same_extract import extracts_of


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """The roster folder, and what is built of it."""
    folder = tmp_path_factory.mktemp("demo")
    write_roster(folder / "roster", District(300))
    return folder / "roster", extracts_of(folder / "roster", folder / "built")


SPELLINGS = {
    "as documented": Spelling(),
    "other spellings": Spelling(flex="Flex", counselors="number", blank_last_names=True),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_the_demo_district_builds_the_same_extract_through_aeries(
    demo: tuple[Path, dict[str, bytes]], tmp_path: Path, spelling: Spelling
) -> None:
    roster, expected = demo
    with AeriesServer(roster, spelling=spelling) as aeries:
        fetched(aeries, tmp_path / "fetched")
    built = extracts_of(tmp_path / "fetched", tmp_path / "built")
    assert {name: file for name, file in built.items() if file != expected[name]} == {}
    everything = b"".join(built.values())
    assert all(built.values())
    assert all(name in everything for name in (b"_Grade-TK_", b"_Counselor_", b"_AVID", b"_Chosen_", b"_Vacant_"))


def test_a_sync_asks_some_six_times_a_school(demo: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    roster, _ = demo
    with AeriesServer(roster) as aeries:
        requests = fetched(aeries, tmp_path / "fetched").requests
    schools = {request.split("/")[1] for request in requests if request.startswith("schools/1")}
    assert len(requests) <= 5 + 6 * len(schools)
    assert all("DatabaseYear=2026" in request for request in requests)
