"""A sync from the stand-in for OneRoster by the worker: a token that ends in the middle (issue 5, "Faults")."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from cersgroups.actions.source import Entry, save_source
from cersgroups.records.snapshot import Snapshot
from tests.jobs.live_sync import current, source_of, synced_from
from tests.people import People, make_people
from tests.sources.oneroster_rest_reading import server
from tests.sources.oneroster_server import OneRosterServer

pytestmark = pytest.mark.django_db(transaction=True)

IN_THE_MIDDLE = 5
"""Requests after which a token ends: a sync takes twelve."""


@pytest.fixture
def sis(tmp_path: Path) -> Iterator[OneRosterServer]:
    with server(tmp_path, links=False) as served:
        yield served


@pytest.fixture
def folk(sis: OneRosterServer) -> People:
    """With a good roster, fetched from OneRoster."""
    folk = make_people()
    save_source(folk.ada, Entry("OneRoster", "oneroster", sis.settings()))
    assert synced(folk).state == "ready"
    assert len(sis.tokens) == 1
    return folk


def synced(folk: People) -> Snapshot:
    return synced_from(folk, source_of(folk, "oneroster"))


def test_a_token_that_ends_in_the_middle_of_a_sync_is_renewed(folk: People, sis: OneRosterServer) -> None:
    sis.token_requests = IN_THE_MIDDLE
    second = synced(folk)
    assert (second.state, current(folk)) == ("ready", second.pk)
    assert len(sis.tokens) > 2


def test_without_a_new_token_the_last_good_roster_stays_and_the_person_is_told_which_request_failed(
    folk: People, sis: OneRosterServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    good, before = current(folk), len(sis.asked)

    def refuse(_number: int) -> None:
        if len(sis.asked) - before >= IN_THE_MIDDLE:
            sis.token_faults = ["401"] * 10

    sis.token_requests, sis.before = IN_THE_MIDDLE, refuse
    failed = synced(folk)
    assert (failed.state, current(folk)) == ("failed", good)
    assert not failed.folder.exists()
    assert "POST /token: the server answers 401" in failed.why
    assert "Check the token address, the client id and the client secret." in failed.why
    secrets = (*sis.tokens, sis.settings()["client_secret"])
    assert [secret for secret in secrets if secret in caplog.text + failed.why] == []
    sis.token_faults, sis.before = [], lambda _number: None
    assert synced(folk).state == "ready"
