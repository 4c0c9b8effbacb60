"""Second factors in the database: sealed, so that a copy of it makes no codes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    validate_totp_code,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from cersgroups.actions.encryption_key import closed_factors, seal_again
from cersgroups.core.error import DataStop
from cersgroups.records.encryption_key import add_encryption_key, encryption_file, encryption_keys
from cersgroups.records.seal import seal, unseal
from tests.people import PASSWORD, email_of, person_named

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]
DOCS = Path(__file__).parents[2] / "docs"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody


START = 1_795_000_020
"""The first second in which an app shows a code."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Of the codes, and of the cache that notes which were used."""
    clock = SimpleNamespace(now=START)
    told = SimpleNamespace(time=lambda: clock.now)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", told)
    monkeypatch.setattr("django.core.cache.backends.base.time", told)
    monkeypatch.setattr("django.core.cache.backends.db.tz_now", lambda: datetime.fromtimestamp(clock.now, UTC))
    return clock


def code(secret: str = SECRET) -> str:
    """What the app shows now."""
    counters = [*yield_hotp_counters_from_time()]
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def stored() -> dict[str, Any]:
    """By kind, what the database holds."""
    return {factor.type: factor.data for factor in Authenticator.objects.all()}


def app() -> TOTP:
    return TOTP(Authenticator.objects.get(type="totp"))


@pytest.fixture(autouse=True)
def _keys_come_back() -> Any:
    before = "\n".join(encryption_keys())
    yield
    encryption_file().write_text(before)


def test_a_copy_of_the_database_makes_no_codes() -> None:
    TOTP.activate(person_named("ada"), SECRET)
    codes = RecoveryCodes.activate(person_named("ada"))
    assert SECRET not in str(stored())
    assert stored()["recovery_codes"]["seed"].startswith("gAAAAA")
    assert app().validate_code(code())
    assert len(set(codes.get_unused_codes())) == 10


def test_a_code_of_the_app_holds_for_its_30_seconds(clock: SimpleNamespace) -> None:
    shown = code()
    assert [second for second in range(-90, 120) if _at(clock, second, lambda: validate_totp_code(SECRET, shown))] == [
        *range(30)
    ]


@pytest.mark.parametrize("used_at", [0, 1, 29])
def test_a_code_of_the_app_works_once(clock: SimpleNamespace, used_at: int) -> None:
    TOTP.activate(person_named("ada"), SECRET)
    once = code()
    assert _at(clock, used_at, lambda: app().validate_code(once))
    assert [second for second in range(used_at, 120) if _at(clock, second, lambda: app().validate_code(once))] == []


def test_that_a_code_was_used_is_in_the_database_that_all_web_processes_share() -> None:
    TOTP.activate(person_named("ada"), SECRET)
    assert app().validate_code(code())
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache_entry")
        assert [key for (key,) in cursor.fetchall() if "mfa.totp.used" in key and key.endswith(code())]


def test_the_code_that_switched_the_app_on_was_used() -> None:
    ada = Client()
    who = {"login": email_of("ada"), "password": PASSWORD}
    ada.post("/account/login/", who)
    ada.post("/account/reauthenticate/", {"password": PASSWORD})
    once = code(ada.get("/account/2fa/totp/activate/").context["form"].secret)
    assert ada.post("/account/2fa/totp/activate/", {"code": once}).status_code == 302
    again = Client()
    again.post("/account/login/", who)
    answer = again.post("/account/2fa/authenticate/", {"code": once})
    assert "This code is not accepted: it is wrong, was used before" in answer.content.decode()


def _at(clock: SimpleNamespace, second: int, do: Callable[[], Any]) -> bool:
    """What is answered so many seconds after an app began to show the code of `START`."""
    clock.now = START + second
    return bool(do())


def test_what_an_older_version_stored_works_and_is_sealed_with_the_next_key() -> None:
    Authenticator.objects.create(user=person_named("ada"), type="totp", data={"secret": SECRET})
    assert app().validate_code(code())
    add_encryption_key()
    assert seal_again() == 1
    assert SECRET not in str(stored())
    encryption_file().write_text(encryption_keys()[0])
    assert app_opens()


@pytest.mark.parametrize("ask", [lambda: app().validate_code(code()), seal_again])
def test_without_its_key_a_factor_says_what_to_do(ask: Callable[[], object]) -> None:
    TOTP.activate(person_named("ada"), SECRET)
    add_encryption_key()
    encryption_file().write_text(encryption_keys()[0])
    with pytest.raises(DataStop, match="must put the right keys back"):
        ask()
    assert closed_factors() == 1


def app_opens() -> bool:
    """With a code as if none was used before."""
    cache.clear()
    return bool(app().validate_code(code()))


def shell_command(page: str) -> str:
    """What the page gives to `cersgroups manage shell -c`."""
    [command] = re.findall(r'cersgroups manage shell -c "([^"]+)"', (DOCS / page).read_text())
    return str(command)


def test_the_factors_of_one_person_are_taken_away_as_the_page_says() -> None:
    for name in ("ada", "sam"):
        TOTP.activate(person_named(name), SECRET)
    exec(shell_command("incident.md").replace("ada@district.example", email_of("ada")))  # noqa: S102 - our own page
    assert [factor.user.email for factor in Authenticator.objects.all()] == [email_of("sam")]


def test_all_factors_but_passkeys_are_taken_away_as_the_page_says() -> None:
    TOTP.activate(person_named("ada"), SECRET)
    Authenticator.objects.create(user=person_named("sam"), type="webauthn", data={})
    exec(shell_command("backup.md"))  # noqa: S102 - our own page
    assert [factor.type for factor in Authenticator.objects.all()] == ["webauthn"]


def test_while_a_key_is_changed_on_several_machines_each_opens_what_the_other_seals(settings: Settings) -> None:
    """In the steps of docs/security.md, whichever machine is restarted first."""
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    steps = [([old], [old, new]), ([old, new], [new, old])]
    for before, after in steps:
        for sealing, opening in ((before, after), (after, before)):
            settings.ENCRYPTION_KEYS = sealing
            sealed = seal(1, {"password": "secret"})
            settings.ENCRYPTION_KEYS = opening
            assert unseal(1, sealed) == {"password": "secret"}
