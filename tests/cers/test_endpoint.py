"""Addresses of the receiver."""

import pytest

from cersgroups.cers.endpoint import Endpoints, host_of
from cersgroups.core.error import RequestStop

TOKEN = "https://caaspp-aws.ets.org/api/v1/token"  # noqa: S105 - an address
IMPORT = "https://groups.import.smarterbalanced.org"


def test_the_live_addresses_are_taken() -> None:
    endpoints = Endpoints(f"{TOKEN}?realm=/sbac", f"{IMPORT}/")
    assert endpoints.of_import_service("/imports/user") == f"{IMPORT}/imports/user"
    assert host_of(endpoints.token_url) == "caaspp-aws.ets.org"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8020", "http://localhost:8020", "http://[::1]:8020"])
def test_this_machine_needs_no_https(url: str) -> None:
    assert Endpoints(f"{url}/api/v1/token", url)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://groups.example.org", "use https"),
        ("http://localhost.example.org", "use https"),
        ("ftp://groups.example.org", "is no web address"),
        ("groups.example.org", "is no web address"),
        ("", "is no web address"),
        ("https://", "is no web address"),
        ("https://[", "is no web address"),
        ("https://me:secret@groups.example.org", "belongs into the credential"),
        ("https://groups.example.org/?a=b", "question mark"),
        ("https://groups.example.org/#a", "has a #"),
    ],
)
def test_another_address_is_refused_without_being_repeated(url: str, says: str) -> None:
    with pytest.raises(RequestStop) as stop:
        Endpoints(TOKEN, url)
    assert says.lower() in str(stop.value).lower()
    assert "secret@" not in str(stop.value)
