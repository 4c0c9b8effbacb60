"""Check Profiles: what is found, rolling forward, and who may."""

from pathlib import Path
from typing import Any

import pytest

from cersgroups.actions.profile import create_profile, find_profile, save_profile
from cersgroups.records.audit import AuditEntry
from cersgroups.records.scope import lea_scope
from tests.profiles import CLASSES, GRADES
from tests.web.extract_district import Folk, make_folk, shown

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/profiles/check/"


@pytest.fixture
def folk(stored_snapshot: Path) -> Folk:
    return make_folk(stored_snapshot)


def profile(folk: Folk, name: str, who: str = "ada", **content: Any) -> int:
    return create_profile(folk.people.by_name(who), {**CLASSES, "name": name, **content}).pk


def roll(folk: Folk, who: str, pk: int, version: int = 1) -> str:
    answer = folk.client(who).post(
        f"/profiles/{pk}/roll-forward/", {"lea": folk.lea_id, "version": version}, follow=True
    )
    return f"{answer.status_code} {answer.content.decode()}"


def test_profiles_in_order_are_told_to_be(folk: Folk) -> None:
    profile(folk, "English", schools=["10"])
    create_profile(folk.people.ada, GRADES)
    assert "All profiles are in order" in shown(folk.client("ada"), URL)


def test_while_they_are_compared_the_page_says_so_and_asks_again(folk: Folk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cersgroups.actions.profile_health.PATIENCE", 0)
    profile(folk, "By period", schools=["10"])
    profile(folk, "By section", schools=["10"], name_pattern="teacher_section")
    ada = folk.client("ada")
    page = ada.get(URL).content.decode()
    assert "Comparing the profiles" in page
    assert f'hx-get="{URL}"' in page
    while f'hx-get="{URL}"' in page:
        page = ada.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "By section gives 2 of the same students" in page
    assert "<html" not in page


def test_many_come_a_page_at_a_time(folk: Folk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cersgroups.web.profile_health.ON_A_PAGE", 2)
    for name in ("English A", "English B", "English C"):
        profile(folk, name)
    first, last = shown(folk.client("ada"), URL), shown(folk.client("ada"), f"{URL}?page=2")
    assert "3 of 3 profiles should be reviewed" in first
    assert [(name in first, name in last) for name in ("English A Owner", "English B Owner", "English C Owner")] == [
        (True, False),
        (True, False),
        (False, True),
    ]


def test_duplicates_are_found_whatever_they_are_called(folk: Folk) -> None:
    for name in ("English", "English of Alma"):
        profile(folk, name)
    page = shown(folk.client("ada"), URL)
    assert "It chooses the same as English of Alma. Keep one" in page


def test_the_same_students_under_the_same_teachers_overlap_whatever_the_pattern(folk: Folk) -> None:
    profile(folk, "By period", schools=["10"])
    profile(folk, "By section", schools=["10"], name_pattern="teacher_section")
    profile(folk, "Elsewhere", schools=["20"])
    page = shown(folk.client("ada"), URL)
    assert "By section gives 2 of the same students to the same teacher or group" in page
    assert "1 profile is in order" in page


def test_what_is_gone_from_the_roster_is_named(folk: Folk) -> None:
    profile(folk, "Some", filters={"departments": ["ENG", "GONE"]}, users={"additional": ["77"]})
    profile(folk, "All", filters={"courses": ["GONE-1"]}, schools=["20"])
    page = shown(folk.client("ada"), URL)
    assert "Gone from the roster. Departments: GONE." in page
    assert "Gone from the roster. Additional users: 77." not in page
    assert "A whole list is gone. Courses: GONE-1. No file can be made" in page


def test_one_click_rolls_a_profile_forward_and_tells_what_was_dropped(folk: Folk) -> None:
    pk = profile(folk, "English", school_year=2026, filters={"departments": ["ENG", "GONE"]})
    assert "Another school year. It is of 2025-26" in shown(folk.client("ada"), URL)
    page = roll(folk, "ada", pk)
    assert "is now for 2026-27. Left out because they are not in the roster: Departments: GONE." in page
    with lea_scope(folk.lea_id):
        content = find_profile(folk.people.ada, pk).content
    assert (content["school_year"], content["filters"]) == (2027, {"departments": ["ENG"]})


def student_list(folk: Folk, **more: Any) -> int:
    content = {**GRADES, "name": "Bridge", "type": "student_list", "schools": ["10"], **more}
    return create_profile(folk.people.ada, {**content, "list": {"name": "Bridge", "students": ["S1", "SECRET9"]}}).pk


def test_whoever_is_shown_which_students_are_gone_is_in_the_audit_log(folk: Folk) -> None:
    pk = student_list(folk)
    assert "Gone from the roster. Students: SECRET9." in shown(folk.client("ada"), URL)
    with lea_scope(folk.lea_id):
        [entry] = AuditEntry.objects.filter(action="read gone students")
    assert (entry.actor_email, entry.object) == (folk.people.ada.email, f"profile {pk}")
    assert entry.detail == {"name": "Bridge", "count": 1}


def test_a_look_that_shows_no_student_is_not_in_the_log(folk: Folk) -> None:
    profile(folk, "Some", filters={"departments": ["ENG", "GONE"]})
    shown(folk.client("ada"), URL)
    with lea_scope(folk.lea_id):
        assert not AuditEntry.objects.filter(action="read gone students").exists()


def test_the_message_after_rolling_forward_travels_in_a_cookie_and_names_no_student(folk: Folk) -> None:
    pk = student_list(folk, school_year=2026)
    ada = folk.client("ada")
    answer = ada.post(f"/profiles/{pk}/roll-forward/", {"lea": folk.lea_id, "version": 1})
    assert "SECRET9" not in str(answer.cookies)
    page = shown(ada, URL)
    assert "Left out because they are not in the roster: Students: 1, whom this page named before." in page
    assert "SECRET9" not in page


def test_a_profile_that_somebody_changed_meanwhile_is_not_deleted_from_here(folk: Folk) -> None:
    pk = profile(folk, "English", school_year=2026)
    ada = folk.client("ada")
    assert f'action="/profiles/{pk}/delete/"' in ada.get(URL).content.decode()
    assert '<input type="hidden" name="version" value="1">' in ada.get(URL).content.decode()
    save_profile(folk.people.ada, pk, 1, {**CLASSES, "name": "English", "subject": "Math"})
    answer = ada.post(f"/profiles/{pk}/delete/", {"lea": folk.lea_id, "version": 1}, follow=True)
    assert "so it was not deleted" in answer.content.decode()
    with lea_scope(folk.lea_id):
        assert find_profile(folk.people.ada, pk).subject == "Math"


def test_a_list_never_turns_into_no_restriction(folk: Folk) -> None:
    pk = profile(folk, "English", school_year=2026, filters={"departments": ["GONE"]})
    assert "None of the chosen departments is in the current roster" in roll(folk, "ada", pk)
    with lea_scope(folk.lea_id):
        assert find_profile(folk.people.ada, pk).school_year == 2026


def test_whoever_looks_at_an_old_page_changes_nothing(folk: Folk) -> None:
    pk = profile(folk, "English", school_year=2026)
    assert "You have changed the profile" in roll(folk, "ada", pk, version=7)


@pytest.mark.parametrize(
    ("who", "looks", "rolls"), [("nobody", 302, "200"), ("vera", 403, "403"), ("olga", 200, "404"), ("sam", 200, "403")]
)
def test_the_wrong_person_sees_and_changes_nothing(folk: Folk, who: str, looks: int, rolls: str) -> None:
    pk = profile(folk, "Secret of Ada", school_year=2026)
    answer = folk.client(who).get(URL)
    assert answer.status_code == looks
    assert "Secret of Ada" not in answer.content.decode()
    if who != "nobody":
        lea = folk.people.by_name(who).lea_id
        sent = folk.client(who).post(f"/profiles/{pk}/roll-forward/", {"lea": lea, "version": 1})
        assert str(sent.status_code) == rolls
    with lea_scope(folk.lea_id):
        assert find_profile(folk.people.ada, pk).school_year == 2026


def test_without_a_roster_there_is_nothing_to_compare_with(folk: Folk) -> None:
    assert "Nothing to compare with yet" in shown(folk.client("olga"), URL)
