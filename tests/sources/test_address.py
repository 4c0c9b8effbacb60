"""Addresses that a person enters: https only, and nothing of what was entered comes back."""

import pytest

from cersgroups.core.error import RequestStop
from cersgroups.sources.address import checked_address, is_of_this_machine, same_server

SECRET = "hunter2"  # noqa: S105 - stands for one


@pytest.mark.parametrize("address", ["https://sis.example/aeries", "http://127.0.0.1:8000", "http://[::1]/x"])
def test_https_is_taken_and_http_on_this_machine(address: str) -> None:
    assert checked_address(address) == address


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://sis.example", "is not encrypted"),
        ("http://127.0.0.1.sis.example", "is not encrypted"),
        ("sis.example", "is no address"),
        ("ftp://sis.example", "is no address"),
        ("https://", "is no address"),
        ("https://sis.example:port", "is no address"),
        ("https://[sis", "is no address"),
        (f"https://user:{SECRET}@sis.example", "has a name, a key"),
        (f"https://sis.example/?cert={SECRET}", "has a name, a key"),
        (f"https://sis.example/#{SECRET}", "has a name, a key"),
    ],
)
def test_other_addresses_are_refused_without_saying_what_was_entered(address: str, why: str) -> None:
    with pytest.raises(RequestStop, match=why) as stop:
        checked_address(address)
    assert SECRET not in str(stop.value)


def test_a_server_is_the_same_by_scheme_host_and_port() -> None:
    assert same_server("https://sis.example/a", "https://SIS.example:443/b?c")
    assert not same_server("https://sis.example", "http://sis.example")
    assert not same_server("https://sis.example", "https://sis.example:8443")
    assert not same_server("https://[broken", "https://[broken")


def test_this_machine_has_several_names() -> None:
    assert is_of_this_machine("http://localhost:1")
    assert not is_of_this_machine("http://localhost.example")
    assert not is_of_this_machine("http://10.0.0.1")
