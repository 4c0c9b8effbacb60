"""Credentials for CERS: sealed, never shown, tested against the receiver, and people are written to before they end."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_string

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from cersgroups.actions.credential import Entry, days_to_tell, find_credential, save_credential, try_credential
from cersgroups.actions.encryption_key import seal_again
from cersgroups.actions.person import invite
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.jobs.credential import look_at_expiries, warn
from cersgroups.jobs.retry import TryLater
from cersgroups.records.audit import AuditEntry
from cersgroups.records.credential import Credential
from cersgroups.records.due import Due
from cersgroups.records.encryption_key import add_encryption_key, encryption_file, encryption_keys
from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope
from tests.jobs.delivery import Delivery
from tests.mailbox import mail_server

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a secret that nobody may read"  # noqa: S105 - invented


def only(stage: Delivery) -> Credential:
    with lea_scope(stage.lea_id):
        return Credential.objects.get()


def noted(lea_id: int) -> list[tuple[str, str, dict[str, object]]]:
    with lea_scope(lea_id):
        entries = AuditEntry.objects.filter(action="rotate key")
        return [(entry.action, entry.door, entry.detail) for entry in entries]


def test_secrets_are_stored_sealed_and_for_this_lea_only(stage: Delivery) -> None:
    key = stage.credential("High", schools=["10"], password=PASSWORD)
    with lea_scope(stage.lea_id):
        record = Credential.objects.get(pk=key)
        assert record.secrets()["password"] == PASSWORD
        with connection.cursor() as cursor:
            cursor.execute("SELECT credential::text FROM credential")
            stored = " ".join(row for (row,) in cursor.fetchall())
        assert PASSWORD not in stored
        record.lea_id = stage.people.other_lea_id
        with pytest.raises(DataStop, match="cannot be opened with the encryption keys"):
            record.secrets()


def test_no_secret_is_in_the_audit_log(stage: Delivery) -> None:
    stage.credential("High", schools=["10"], password=PASSWORD)
    with lea_scope(stage.lea_id):
        assert PASSWORD not in str([entry.detail for entry in AuditEntry.objects.all()])


def test_the_test_button_says_that_it_works_or_what_is_wrong(stage: Delivery) -> None:
    good = try_credential(stage.people.ada, only(stage).pk)
    assert (good.test_fault, good.tested_at is not None) == ("", True)
    bad = stage.credential("High", schools=["10"], password=PASSWORD)
    fault = try_credential(stage.people.ada, bad).test_fault
    assert "does not accept user name and password" in fault
    assert PASSWORD not in fault


def test_a_secret_that_is_left_blank_stays(stage: Delivery) -> None:
    record = only(stage)
    entry = Entry(
        "LEA", "password", record.token_url, record.import_url, date(2028, 1, 1), "sandbox", client_id="sandbox"
    )
    save_credential(stage.people.ada, entry, record.pk)
    assert try_credential(stage.people.ada, record.pk).test_fault == ""
    with lea_scope(stage.lea_id):
        assert find_credential(stage.people.ada, record.pk).expires_on == date(2028, 1, 1)


def test_a_stored_secret_goes_to_no_other_address(stage: Delivery) -> None:
    """Whoever may change the address could otherwise have it told to a server of their own, by the Test button."""
    record = only(stage)
    for token_url, import_url in (
        ("https://evil.example/token", record.import_url),
        (record.token_url, "https://evil.example"),
    ):
        entry = Entry("LEA", "password", token_url, import_url, date(2028, 1, 1), "sandbox", client_id="sandbox")
        with pytest.raises(RequestStop, match="stored ones go to no other address"):
            save_credential(stage.people.ada, entry, record.pk)
        assert only(stage).token_url == record.token_url
    entered = replace(entry, password=PASSWORD, client_secret=PASSWORD)
    assert save_credential(stage.people.ada, entered, record.pk).import_url == "https://evil.example"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"who": " "}, "The credential has no name"),
        ({"kind": "magic"}, "'magic' is no kind of credential"),
        ({"token_url": "http://groups.fig.example/token"}, "passwords would cross the network readable"),
        ({"password": ""}, "The credential lacks its password"),
        ({"who": "LEA", "schools": ["10"]}, "There is a credential 'LEA' already"),
        ({}, "There is a credential for the whole LEA already"),
        ({"schools": []}, "No school is chosen"),
        ({"schools": ["77"]}, "No such school: 77"),
    ],
)
def test_what_cannot_be_meant_is_told(stage: Delivery, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(RequestStop, match=sentence):
        stage.credential(**{"who": "Another", **changes})  # type: ignore[arg-type]


def test_a_school_has_one_credential(stage: Delivery) -> None:
    stage.credential("High", schools=["10"])
    with pytest.raises(RequestStop, match="High has the school 10 already"):
        stage.credential("High and middle", schools=["10", "20"])


@pytest.mark.parametrize(
    ("days", "warned_for", "told"),
    [
        (31, None, None),
        (30, None, 30),
        (29, 30, None),
        (14, 30, 14),
        (2, None, 3),
        (1, 3, 1),
        (0, 1, None),
        (-1, 1, 0),
        (-9, 0, None),
    ],
)
def test_people_are_told_30_14_7_3_and_1_days_before_and_once_it_has_ended(
    days: int, warned_for: int | None, told: int | None
) -> None:
    assert days_to_tell(days, warned_for) == told


def test_every_admin_gets_one_mail_per_warning_without_any_secret(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        today = Lea.objects.get().today()
        Credential.objects.update(expires_on=today + timedelta(days=7))
    for _ in range(2):
        warn(stage.lea_id)
    [sent] = mail.outbox
    assert sent.to == ["ada@live-oak.example"]
    assert sent.subject == "The credential LEA for CERS ends in 7 days"
    whole = message_from_string(sent.message().as_string())
    assert [part.get_content_type() for part in whole.walk()][1:] == ["text/plain", "text/html"]
    assert "sandbox" not in sent.body
    assert "/settings/credentials/" in sent.body


def test_an_admin_whose_mailbox_is_full_keeps_no_other_from_the_warning_and_none_gets_two(
    stage: Delivery, settings: Settings
) -> None:
    invite(stage.people.ada, "zoe@live-oak.example", "Zoe", "admin", None)
    with lea_scope(stage.lea_id):
        Credential.objects.update(expires_on=Lea.objects.get().today() + timedelta(days=7))
    with mail_server(settings) as box:
        box.refused["ada@live-oak.example"] = "452 4.2.2 The mailbox is full"
        for _ in range(3):
            with pytest.raises(TryLater):
                warn(stage.lea_id)
        assert box.to() == ["zoe@live-oak.example"]
        box.refused.clear()
        for _ in range(2):
            warn(stage.lea_id)
        assert box.to() == ["zoe@live-oak.example", "ada@live-oak.example"]
        assert (only(stage).warned_for, only(stage).told) == (7, [])


def test_expiries_are_looked_at_each_morning_as_long_as_there_is_a_credential(stage: Delivery) -> None:
    assert Due.objects.get(what="credential_expiry").lea_id == stage.lea_id
    with lea_scope(stage.lea_id):
        again = look_at_expiries(stage.lea_id, timezone.now())
        lea = Lea.objects.get()
        assert again is not None
        assert again.astimezone(lea.zone).hour == 7
        assert again.astimezone(lea.zone).date() == lea.now().date() + timedelta(days=1)
        Credential.objects.all().delete()
        assert look_at_expiries(stage.lea_id, timezone.now()) is None


def test_a_new_key_seals_everything_and_the_old_ones_still_open_backups(stage: Delivery) -> None:
    before = only(stage)
    old_keys = encryption_keys()
    add_encryption_key()
    assert encryption_keys()[1:] == old_keys
    assert encryption_file().stat().st_mode & 0o777 == 0o600
    assert seal_again(new_key=True) == 1
    assert noted(stage.lea_id) == [("rotate key", "command", {"new_key": True, "secrets": 1})]
    assert noted(stage.people.other_lea_id) == []  # it has none
    after = only(stage)
    assert before.sealed != after.sealed
    assert before.secrets() == after.secrets()
    encryption_file().write_text(encryption_keys()[0])
    assert only(stage).secrets() == after.secrets()
    with pytest.raises(DataStop):
        before.secrets()
