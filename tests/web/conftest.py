"""Django's client as one of the fixed people (tests/people.py), for the tests of pages."""

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tests.people import People
    from tests.sis import Sis


class Visitor(Client):
    """A browser that somebody is signed in with: every form says for which LEA it was shown, as the pages' forms do."""

    lea_id = 0

    def send(self, url: str, answers: dict[str, Any] | None = None, **more: Any) -> "HttpResponse":
        """Post a form."""
        return self.post(url, {"lea": self.lea_id, **(answers or {})}, **more)  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """Without collectstatic there are no names with digests."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def sis() -> "Iterator[Sis]":
    """A SIS in memory, and the kind of source that asks it."""
    from tests.sis import connected

    with connected() as sis:
        yield sis


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted beside the answers is waited for, however busy the machine is."""
    for name in ("preview", "profile_health"):
        monkeypatch.setattr(f"cersgroups.actions.{name}.PATIENCE", 60)


@pytest.fixture(autouse=True)
def _steady_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A code of an authenticator app holds for 30 seconds: none ends between two lines of a test."""
    now = time.time()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=lambda: now))


@pytest.fixture
def visit(people: "People") -> Callable[[str], Visitor]:
    """`visit("ada")` is a browser of Ada's; `visit("nobody")` one where nobody is signed in."""

    def visitor(name: str) -> Visitor:
        from tests.people import person_named

        assert settings.ROOT_URLCONF
        client = Visitor()
        if name != "nobody":
            client.force_login(person_named(name))
            client.lea_id = people.by_name(name).lea_id
        return client

    return visitor
