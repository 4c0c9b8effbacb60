"""A parent asks who can see a child's results: an admin searches by the student's number and reads the answer."""

import io
import logging
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cersgroups.actions import held_student as sentences
from cersgroups.actions.held_student import find_held_student
from cersgroups.core.error import PermissionRefused, RequestStop
from cersgroups.records.audit import AuditEntry
from cersgroups.records.lea import Lea
from cersgroups.records.ledger import Ledger
from cersgroups.records.scope import lea_scope
from tests.jobs.delivery import Delivery, delivery
from tests.people import person_named
from tests.roster import give_roster, small_snapshot
from tests.web.extract_district import text_of

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/what-cers-holds/student/"
ADA, CY = "7000000001", "7000000003"
NOBODYS = "7999999999"
HEAD = "student_id | ssid | last_name | first_name\n"


@pytest.fixture
def stage(stored_snapshot: Path) -> Iterator[Delivery]:
    with delivery(stored_snapshot) as stage:
        stage.upload(stage.extract())
        yield stage


def ask(stage: Delivery, number: str, who: str = "ada", **more: str) -> Any:
    client = Client()
    client.force_login(person_named(who))
    lea = stage.people.by_name(who).lea_id
    return client.post(URL, {"lea": lea, "number": number, **more})


def told(stage: Delivery, number: str, **more: str) -> str:
    """The words of the answer."""
    answer = ask(stage, number, **more)
    assert answer.status_code == 200
    return unescape(text_of(answer.content.decode()))


def answer_in(page: str) -> str:
    """Without the form, which shows what was typed."""
    return page.partition("Show who sees the student")[2]


def roster(stage: Delivery, folder: Path, students: str) -> None:
    """Make a roster with these students the current one; what CERS holds stays."""
    folder.mkdir()
    give_roster(stage.lea_id, small_snapshot(folder, students=HEAD + students).path)


def seen(stage: Delivery, ssid: str) -> dict[str, list[str]]:
    """By group with the student, who sees it: as the receiver has it."""
    return {name: users for name, (students, users) in stage.held().items() if ssid in students}


def noted(stage: Delivery) -> list[AuditEntry]:
    with lea_scope(stage.lea_id):
        return list(AuditEntry.objects.filter(action="read who sees a student"))


def test_every_group_with_the_student_is_shown_with_school_year_and_users(stage: Delivery) -> None:
    expected = seen(stage, ADA)
    assert expected
    page = told(stage, ADA)
    users = {user for users in expected.values() for user in users}
    for word in (
        *expected,
        *users,
        "Fig High",
        "99100000000010",
        "2026-27",
        "Ada Alba",
        "student ID S1",
        f"SSID {ADA}",
    ):
        assert word in page, word
    count = f"{len(users)} user{'s' * (len(users) != 1)} see{'s' * (len(users) == 1)} the student, by {len(expected)} "
    assert count in page
    assert "jose.n@fig.example" not in page
    for number in ("S1", "700 000 0001", "\tS1\n"):
        assert answer_in(told(stage, number)) == answer_in(page)


def test_the_answer_is_what_the_receiver_holds_for_every_student(stage: Delivery) -> None:
    for student in range(1, 6):
        ssid = f"700000000{student}"
        found = find_held_student(stage.people.ada, ssid)
        assert {group.name: list(group.users) for group in found.groups} == seen(stage, ssid)


def test_the_number_stands_in_no_address_log_or_audit_entry(stage: Delivery) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "django.server", "cersgroups")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        answers = [ask(stage, number) for number in (ADA, "S1", NOBODYS, "x" * 500)]
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    for answer in answers:
        assert answer.request["QUERY_STRING"] == ""
        assert answer["Cache-Control"] == "no-store"
        links = re.findall(r'(?:href|action|src)="([^"]*)"', answer.content.decode())
        assert not [link for link in links if ADA in link or "S1" in link]
    assert not any(number in written.getvalue() for number in (ADA, "S1", NOBODYS))
    entries = noted(stage)
    assert [(entry.object, entry.detail) for entry in entries] == [("who sees which group", {})] * 3
    assert {entry.actor_email for entry in entries} == {stage.people.ada.email}


def test_a_number_in_the_address_finds_nobody(stage: Delivery) -> None:
    client = Client()
    client.force_login(person_named("ada"))
    page = client.get(f"{URL}?number={ADA}").content.decode()
    assert "Ada Alba" not in page
    assert "the student, by" not in page


def test_the_page_of_users_asks_for_the_number_by_a_posted_form(stage: Delivery) -> None:
    client = Client()
    client.force_login(person_named("ada"))
    page = client.get("/what-cers-holds/users/").content.decode()
    [form] = re.findall(rf'<form method="post" action="{URL}".*?</form>', page, re.DOTALL)
    assert 'name="number"' in form
    assert 'autocomplete="off"' in form
    log = client.get("/audit-log/").content.decode()
    assert "Asked who sees a student" not in log
    ask(stage, "S1")
    assert "Asked who sees a student" in client.get("/audit-log/").content.decode()


def test_a_number_that_is_missing_or_malformed(stage: Delivery) -> None:
    for number in ("", "   ", "\n"):
        assert sentences.MISSING in told(stage, number)
    for number in ("7" * 101, "S1\x07", "S1\nS2", "\u202e7000000001"):
        assert sentences.MALFORMED in told(stage, number)
    assert not noted(stage)


def test_no_such_student_in_the_roster(stage: Delivery) -> None:
    for number in ("s1", "S99", "700000000", "70000000011", "\uff17000000001", "' OR 1=1"):
        page = told(stage, number)
        assert sentences.NO_SUCH_STUDENT in page
        assert "There is no answer" in page


def test_a_student_of_the_roster_in_no_group(stage: Delivery) -> None:
    for number in ("7000000004", "S4"):
        assert seen(stage, "7000000004") == {}
        page = told(stage, number)
        assert "Nobody sees the student" in page
        assert sentences.IN_NO_GROUP in page
        assert "Di Diaz" in page
        assert sentences.IN_NO_ROSTER not in page


def test_an_ssid_that_neither_cers_nor_the_roster_has(stage: Delivery) -> None:
    page = told(stage, NOBODYS)
    assert f"{sentences.IN_NO_GROUP} {sentences.IN_NO_ROSTER} {sentences.CHECK_NUMBER}" in page


def test_a_student_who_has_left_the_roster_but_not_cers(stage: Delivery, tmp_path: Path) -> None:
    roster(stage, tmp_path / "next", f"S2 | 7000000002 | Brown | Ben\nS3 | {CY} | Cruz | Cy\n")
    page = told(stage, ADA)
    assert all(name in page for name in seen(stage, ADA))
    assert f"{sentences.IN_NO_ROSTER} {sentences.HAS_LEFT}" in page
    assert sentences.NO_SUCH_STUDENT in told(stage, "S1")


def test_a_student_without_an_ssid(stage: Delivery, tmp_path: Path) -> None:
    roster(stage, tmp_path / "next", "S1 |  | Alba | Ada\nS2 | 70000 | Brown | Ben\n")
    for number, name in (("S1", "Ada Alba"), ("S2", "Ben Brown")):
        page = told(stage, number)
        assert sentences.WITHOUT_SSID in page
        assert name in page
        assert "There is no answer" in page


def test_several_students_fit_and_the_admin_chooses(stage: Delivery, tmp_path: Path) -> None:
    """The SSID of one is the student ID of another: nothing is shown of either until it is clear."""
    roster(stage, tmp_path / "next", f"S1 | {ADA} | Alba | Ada\n{ADA} | {CY} | Cruz | Cy\n")
    page = told(stage, ADA)
    assert sentences.SEVERAL_FIT in page
    assert not [name for name in stage.held() if name in page]
    assert "Ada Alba" not in page
    of_ada, of_cy = told(stage, ADA, meaning="ssid"), told(stage, ADA, meaning="student_id")
    assert "Ada Alba, student ID S1" in of_ada
    assert all(name in of_ada for name in seen(stage, ADA))
    assert f"Cy Cruz, student ID {ADA}" in of_cy
    assert all(name in of_cy for name in seen(stage, CY))
    assert told(stage, ADA, meaning="nonsense") == page


def test_a_student_id_of_ten_digits_is_no_ssid_where_no_student_has_that(stage: Delivery, tmp_path: Path) -> None:
    roster(stage, tmp_path / "next", f"{NOBODYS} | {CY} | Cruz | Cy\n")
    page = told(stage, NOBODYS)
    assert "Cy Cruz" in page
    assert all(name in page for name in seen(stage, CY))


def test_a_student_id_that_cers_holds_as_the_ssid_of_somebody_who_left_fits_both(
    stage: Delivery, tmp_path: Path
) -> None:
    roster(stage, tmp_path / "next", f"{ADA} | {CY} | Cruz | Cy\n")
    assert sentences.SEVERAL_FIT in told(stage, ADA)


def test_students_who_share_an_ssid_are_one_to_cers(stage: Delivery, tmp_path: Path) -> None:
    roster(stage, tmp_path / "next", f"S1 | {ADA} | Alba | Ada\nS9 | {ADA} | Alba | Abe\n")
    for number in (ADA, "S9"):
        page = told(stage, number)
        assert sentences.SHARED in page
        assert "Ada Alba, student ID S1; Abe Alba, student ID S9" in page
        assert all(name in page for name in seen(stage, ADA))


def test_before_anything_was_uploaded(stored_snapshot: Path) -> None:
    with delivery(stored_snapshot) as stage:
        for number in (ADA, "S1", NOBODYS):
            assert sentences.NOTHING_UPLOADED in told(stage, number)
        client = Client()
        client.force_login(person_named("ada"))
        assert URL not in client.get("/what-cers-holds/users/").content.decode()


def test_without_a_roster_only_an_ssid_can_be_looked_up(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        Lea.objects.filter(pk=stage.lea_id).update(current_snapshot=None)
    assert sentences.NO_ROSTER in told(stage, "S1")
    page = told(stage, ADA)
    assert all(name in page for name in seen(stage, ADA))
    assert sentences.IN_NO_ROSTER not in page


def test_files_that_were_removed_are_told_and_nobody_is_said_to_see_nothing(stage: Delivery) -> None:
    with lea_scope(stage.lea_id):
        Ledger.objects.update(files_removed_at=timezone.now())
    page = told(stage, ADA)
    assert "The ledger's files were removed on" in page
    assert sentences.UNKNOWN_NOW in page
    assert "Nobody sees" not in page


def test_it_is_for_admins_only(stage: Delivery) -> None:
    for who in ("alma", "sam", "vera"):
        with pytest.raises(PermissionRefused):
            find_held_student(stage.people.by_name(who), ADA)
        answer = ask(stage, ADA, who)
        assert answer.status_code == 403
        assert ADA not in answer.content.decode()
    assert not noted(stage)


def test_the_admin_of_another_lea_finds_nobody_of_this_one(
    stage: Delivery, stored_snapshot: Path, tmp_path: Path
) -> None:
    """Their LEA may even have a roster and an upload of its own."""
    page = ask(stage, ADA, "olga").content.decode()
    assert sentences.NOTHING_UPLOADED in page
    assert "Alba" not in page
    assert not noted(stage)
    answer = Client()
    answer.force_login(person_named("olga"))
    refused = answer.post(URL, {"lea": stage.lea_id, "number": ADA})
    assert refused.status_code == 409
    assert ADA not in refused.content.decode()


def test_names_of_the_roster_and_of_groups_are_text(stage: Delivery, tmp_path: Path) -> None:
    roster(stage, tmp_path / "next", f"S1 | {ADA} | <script>x | Ada\n")
    page = ask(stage, "S1").content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
    assert "<b>" not in ask(stage, '"><b>').content.decode()


def test_a_number_is_read_as_people_paste_it() -> None:
    assert sentences.read_number(" 7000 000 001 ") == "7000000001"
    assert sentences.read_number(" A 12 ") == "A 12"
    with pytest.raises(RequestStop, match="Enter the student's SSID"):
        sentences.read_number("")
