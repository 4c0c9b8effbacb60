"""The page Scheduled Process: who sees and who changes it, what it says, Run now and the history."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from cersgroups.actions.lea import change_settings
from cersgroups.actions.profile import create_profile
from cersgroups.actions.scheduled_process import find_scheduled_process
from cersgroups.jobs.worker import run_worker
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun
from cersgroups.records.scope import lea_scope
from tests.mailbox import Mailbox, free_port, mail_server, point_to
from tests.profiles import GRADES
from tests.schedule import (
    ON_FRIDAY,
    TUESDAY,
    at,
    include_profiles,
    only_run,
    runs_of,
    save,
    save_on_tuesday,
    utc,
)
from tests.web.extract_district import Folk, make_folk, shown, text_of

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/scheduled-process/"
FORM: dict[str, Any] = {"days": ["4", "0"], "time": "22:30", "emails": "data@live-oak.example, it@live-oak.example"}


@pytest.fixture
def folk(stored_snapshot: Path) -> Folk:
    return make_folk(stored_snapshot)


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    with mail_server(settings) as box:
        yield box


def send(folk: Folk, who: str, url: str = URL, **answers: Any) -> Any:
    lea = folk.people.by_name(who).lea_id if who != "nobody" else folk.lea_id
    return folk.client(who).post(url, {"lea": lea, **answers}, follow=True)


def saved(folk: Folk) -> ScheduledProcess | None:
    with lea_scope(folk.lea_id):
        return find_scheduled_process(folk.people.ada)


@pytest.mark.parametrize(
    ("who", "expected"), [("nobody", 302), ("vera", 403), ("sam", 200), ("alma", 200), ("ada", 200), ("olga", 200)]
)
def test_it_is_for_admins_and_who_has_administer(folk: Folk, who: str, expected: int) -> None:
    assert folk.client(who).get(URL).status_code == expected


@pytest.mark.parametrize("who", ["nobody", "vera", "sam"])
@pytest.mark.parametrize("do", ["save", "enable", "disable", "run"])
def test_nobody_else_changes_or_runs_it(folk: Folk, who: str, do: str) -> None:
    save(folk.people.ada)
    url = f"{URL}run/" if do == "run" else URL
    answer = folk.client(who).post(url, {"lea": folk.lea_id, **FORM, "do": do})
    assert answer.status_code == (302 if who == "nobody" else 403)
    process = saved(folk)
    assert process is not None
    assert (process.days, process.enabled, runs_of(folk.lea_id)) == ([4], True, [])


def test_who_is_limited_sees_it_without_buttons(folk: Folk) -> None:
    save(folk.people.ada)
    page = folk.client("sam").get(URL).content.decode()
    assert "You can see the scheduled process but not change it" in text_of(page)
    assert "Save Scheduled Process Settings" not in page
    assert "Run now" not in page
    assert page.count("disabled") >= 10


def test_settings_are_saved_and_the_process_is_enabled_and_disabled(folk: Folk) -> None:
    answer = send(folk, "alma", **FORM, do="save")
    assert "The settings are saved. The scheduled process is still disabled." in text_of(answer.content.decode())
    assert "btn-success" in answer.content.decode()
    answer = send(folk, "alma", **FORM, do="enable")
    page = answer.content.decode()
    assert "The scheduled process is enabled, and its settings are saved." in text_of(page)
    assert "Disable Scheduled Process" in page
    assert "Enable Scheduled Process" not in page
    process = saved(folk)
    assert process is not None
    assert (process.days, f"{process.time:%H:%M}", process.enabled) == ([0, 4], "22:30", True)
    assert process.emails == ["data@live-oak.example", "it@live-oak.example"]
    answer = send(folk, "ada", do="disable")
    assert "Nothing runs automatically." in text_of(answer.content.decode())
    process = saved(folk)
    assert process is not None
    assert (process.days, process.enabled) == ([0, 4], False)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"days": []}, "Choose at least one day of the week."),
        ({"emails": ""}, "Enter at least one e-mail address."),
        ({"emails": "data@live-oak.example, nonsense"}, "&#x27;nonsense&#x27; is no e-mail address."),
        ({"time": ""}, "Enter a time."),
        ({"time": "25:00"}, "Enter a time as 10:30 PM."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(folk: Folk, wrong: dict[str, Any], sentence: str) -> None:
    answer = send(folk, "ada", **{**FORM, **wrong}, do="enable")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert 'value="0"' in page
    assert saved(folk) is None


def test_all_that_is_missing_is_told_at_once(folk: Folk) -> None:
    page = send(folk, "ada", **{**FORM, "days": [], "time": "", "emails": ""}, do="enable").content.decode()
    for sentence in ("Choose at least one day of the week.", "Enter a time.", "Enter at least one e-mail address."):
        assert sentence in page


def test_uploads_cannot_be_chosen_while_they_are_switched_off(folk: Folk) -> None:
    page = folk.client("ada").get(URL).content.decode()
    assert "Upload Extracted Files to TOMS via API" in page
    assert "Uploads to CERS are switched off for this LEA." in page
    send(folk, "ada", **FORM, upload="on", do="save")
    process = saved(folk)
    assert process is not None
    assert process.upload is False


def test_uploads_are_chosen_and_stay_so_until_they_are_switched_off_for_the_lea(folk: Folk) -> None:
    change_settings(folk.people.ada, uploads_enabled=True)
    send(folk, "alma", **FORM, upload="on", do="save")
    process = saved(folk)
    assert process is not None
    assert process.upload is True
    change_settings(folk.people.ada, uploads_enabled=False)
    assert send(folk, "alma", **FORM, do="save").status_code == 200
    process = saved(folk)
    assert process is not None
    assert process.upload is False


@pytest.mark.parametrize(
    ("who", "mine", "others"),
    [
        ("ada", ["Classes", "Grades"], ""),
        ("alma", ["Grades"], "And 1 profile of other people."),
        ("sam", [], "2 profiles of other people."),
    ],
)
def test_the_included_profiles_are_shown_as_far_as_one_may_see_them(
    folk: Folk, who: str, mine: list[str], others: str
) -> None:
    include_profiles(folk.people)
    page = folk.client(who).get(URL).content.decode()
    assert [name for name in ("Classes", "Grades", "By hand") if f">{name}<" in page] == mine
    assert others in text_of(page)
    assert ("Old grades (2025-26)" in page) == (who == "ada")


def test_nothing_of_another_lea_is_shown(folk: Folk) -> None:
    include_profiles(folk.people)
    save(folk.people.ada, emails=["secret@live-oak.example"])
    page = folk.client("olga").get(URL).content.decode()
    assert "secret@live-oak.example" not in page
    assert "No profiles are included yet" in page
    assert "Nothing has run yet." in page


def test_the_next_run_is_said_in_words(folk: Folk, monkeypatch: pytest.MonkeyPatch) -> None:
    save(folk.people.ada)
    assert "Next run" in shown(folk.client("ada"), URL)
    monkeypatch.setattr("cersgroups.records.lea.Lea.now", lambda lea: TUESDAY.astimezone(lea.zone))
    assert "Friday, November 27, 2026, 10:30 PM" in shown(folk.client("ada"), URL)


def test_run_now_makes_a_file_that_the_history_leads_to(folk: Folk, mailbox: Mailbox) -> None:
    include_profiles(folk.people)
    save(folk.people.ada, enable=None)
    page = send(folk, "alma", f"{URL}run/").content.decode()
    assert "The run has started." in page
    assert "Waiting" in page
    assert 'hx-trigger="every 2s"' in page
    assert "A run is going on." in send(folk, "alma", f"{URL}run/").content.decode()
    run_worker(wait=False)
    run = only_run(folk.lea_id)
    page = folk.client("ada").get(URL).content.decode()
    assert f'href="/extracted-files/{run.extract.pk}/"' in page
    assert 'hx-trigger="every 2s"' not in page
    assert "Run by hand by Alma Administer" in text_of(page)
    assert f"{run.extract.groups} groups, {run.extract.students} students" in text_of(page)
    assert "Never" not in text_of(page)
    assert f"/extracted-files/{run.extract.pk}/" not in folk.client("alma").get(URL).content.decode()


def test_run_now_before_there_are_settings_says_what_to_do(folk: Folk) -> None:
    assert "Save the settings first" in send(folk, "ada", f"{URL}run/").content.decode()


def test_the_history_shows_what_was_missed_made_up_and_why_it_failed(folk: Folk, mailbox: Mailbox) -> None:
    save_on_tuesday(folk.people.ada)
    at(utc("2026-12-05T20:00"))
    with lea_scope(folk.lea_id):
        ScheduledRun.objects.filter(state="queued").update(created_at=utc("2026-12-05T20:00"))
    run_worker(wait=False)
    text = shown(folk.client("ada"), URL)
    assert "Fri, Nov 27, 2026, 10:30 PM Scheduled Missed" in text
    assert "Fri, Dec 4, 2026, 10:30 PM Missed, so it ran Dec 5, 2026, 12:00 PM PST Failed" in text
    assert "No profile says Include in Scheduled Process." in text


def test_the_history_names_no_student(folk: Folk, mailbox: Mailbox) -> None:
    listed = {**GRADES, "type": "student_list", "list": {"name": "Tutoring", "students": ["9999999999"]}}
    create_profile(folk.people.ada, {**listed, "include_in_scheduled_process": True})
    save_on_tuesday(folk.people.ada)
    at(ON_FRIDAY)
    run_worker(wait=False)
    text = shown(folk.client("alma"), URL)
    assert "none of the chosen students is in the roster" in text
    assert "9999999999" not in text


def test_a_mail_that_was_not_sent_is_in_the_history(folk: Folk, settings: Settings) -> None:
    point_to(settings, free_port())
    include_profiles(folk.people)
    save(folk.people.ada)
    send(folk, "ada", f"{URL}run/")
    run_worker(wait=False)
    page = folk.client("ada").get(URL).content.decode()
    assert "Sending the mail" in page
    assert "Mail: The mail server cannot be reached" in page
    assert 'hx-trigger="every 2s"' not in page


def test_without_a_mail_server_the_page_says_so(folk: Folk, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "This installation has no mail server" in shown(folk.client("ada"), URL)
