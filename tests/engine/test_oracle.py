"""The engine and the slow builder agree, byte by byte, on rosters by chance."""

import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cersgroups.core.error import DataStop
from cersgroups.core.profile import Profile, from_mapping
from cersgroups.engine import batch
from cersgroups.engine.extract import build
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import Snapshot, write_snapshot
from tests.engine import oracle
from tests.engine.roster_files import write_roster
from tests.engine.roster_strategy import DAY, Raw, Tables, profiles, rosters
from tests.thorough import examples

EXAMPLES = int(os.environ.get("CERSGROUPS_ORACLE_EXAMPLES", examples(12)))
"""Rosters tried; each is built three times. Many thousand have been tried by hand."""

_SLOW = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

_STOPS = {"none of the chosen": "choice", "would both be called": "name", "bytes together": "users"}


def _outcome_of_engine(snapshot: Snapshot, chosen: list[Profile], folder: Path) -> bytes | str:
    folder.mkdir()
    try:
        extract = build(snapshot, chosen, date.fromisoformat(DAY), folder)
    except DataStop as stop:
        return next(rule for words, rule in _STOPS.items() if words in str(stop))
    if extract.why:
        return "empty"
    return b"".join(file.read_bytes() for file in extract.files)


def _outcome_of_oracle(tables: Tables, chosen: list[Profile]) -> bytes | str:
    try:
        return oracle.build(tables, chosen, date.fromisoformat(DAY))
    except oracle.OracleStop as stop:
        return str(stop)


@_SLOW
@given(rosters(), st.lists(profiles(), min_size=3, max_size=3), st.booleans())
def test_the_engine_builds_what_the_slow_builder_builds(
    tables: Tables, choices: list[list[Raw]], one_by_one: bool
) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        if one_by_one:
            patch.setattr(batch, "BATCH_ROWS", 1)
        folder = Path(name)
        write_roster(folder / "roster", {table: rows for table, rows in tables.items() if rows})
        snapshot = write_snapshot(RosterFolder(folder / "roster"), folder / "snapshot", source="chance")
        for number, raw in enumerate(choices):
            chosen = [from_mapping(profile) for profile in raw]
            expected = _outcome_of_oracle(tables, chosen)
            assert _outcome_of_engine(snapshot, chosen, folder / str(number)) == expected
