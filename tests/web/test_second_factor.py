"""Second factors in the database: sealed, so that a copy of it makes no codes."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

from cersgroups.actions.encryption_key import closed_factors, seal_again
from cersgroups.core.error import DataStop
from cersgroups.records.encryption_key import add_encryption_key, encryption_file, encryption_keys
from tests.people import person_named

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody


def code() -> str:
    return str(format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time())))))


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


def test_a_code_of_the_app_works_once() -> None:
    TOTP.activate(person_named("ada"), SECRET)
    once = code()
    assert [app().validate_code(once) for _ in range(2)] == [True, False]


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
    """With a code that was not used before."""
    counters = list(yield_hotp_counters_from_time())
    return bool(app().validate_code(format_hotp_value(hotp_value(SECRET, counters[-1]))))
