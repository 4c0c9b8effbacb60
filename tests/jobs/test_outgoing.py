"""Which servers an LEA's admin may have this installation ask, where whoever runs it has said so."""

from datetime import date

import pytest
from django.test import override_settings

from cersgroups.actions.credential import Entry as CredentialEntry
from cersgroups.actions.credential import save_credential
from cersgroups.actions.outgoing import check_outgoing
from cersgroups.actions.source import Entry, save_source
from cersgroups.core.error import RequestStop
from cersgroups.sources.live_kind import LIVE_KINDS
from tests.jobs.delivery import Delivery
from tests.people import make_people

pytestmark = pytest.mark.django_db(transaction=True)
ONLY_AERIES = override_settings(OUTGOING_HOSTS=["*.aeries.example", "sql1"])
REFUSED = "is no server that this installation may ask"


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("fig.aeries.example", True),
        ("FIG.Aeries.Example", True),
        ("SQL1", True),
        ("aeries.example", False),
        ("aeries.example.evil.example", False),
        ("fig-aeries.example", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_a_host_is_on_the_list_or_refused(host: str, allowed: bool) -> None:
    with ONLY_AERIES:
        if allowed:
            check_outgoing([host])
        else:
            with pytest.raises(RequestStop, match=REFUSED):
                check_outgoing(["sql1", host])
    check_outgoing([host])  # without a list


def test_every_kind_of_source_says_which_servers_it_asks() -> None:
    asked = {
        "aeries_api": ({"address": "https://fig.aeries.example/admin"}, ["fig.aeries.example"]),
        "aeries_database": ({"host": "SQL1\\AERIES"}, ["SQL1"]),
        "oneroster": (
            {"base_address": "https://one.example:444/v1", "token_address": "https://two.example/token"},
            ["one.example", "two.example"],
        ),
    }
    assert {kind: LIVE_KINDS[kind].hosts(settings) for kind, (settings, _) in asked.items()} == {
        kind: hosts for kind, (_, hosts) in asked.items()
    }
    assert set(LIVE_KINDS) == set(asked)


def test_a_source_is_only_where_the_operator_allows() -> None:
    folk = make_people()
    elsewhere = {"address": "https://10.0.0.7/admin", "certificate": "0123456789abcdef0123456789abcdef"}
    with ONLY_AERIES, pytest.raises(RequestStop, match=f"10.0.0.7 {REFUSED}"):
        save_source(folk.ada, Entry("Aeries", "aeries_api", elsewhere))
    save_source(folk.ada, Entry("Aeries", "aeries_api", elsewhere))


def test_a_credential_is_only_for_where_the_operator_allows(stage: Delivery) -> None:
    entry = CredentialEntry("Other", "password", "https://sql1/token", "https://cers.example", date(2028, 1, 1))
    with ONLY_AERIES, pytest.raises(RequestStop, match=f"cers.example {REFUSED}"):
        save_credential(stage.people.ada, entry)


def test_nothing_is_sent_to_a_server_that_is_not_allowed_any_more(stage: Delivery) -> None:
    extract = stage.extract()
    with ONLY_AERIES:
        upload = stage.upload(extract)
    assert (upload.state, stage.held()) == ("failed", {})
    assert REFUSED in upload.why
