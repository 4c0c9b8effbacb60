"""A run of the scheduled process by the worker that really runs it, with mail over real SMTP."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from cersgroups.actions.lea import change_settings
from cersgroups.actions.profile import create_profile
from cersgroups.actions.scheduled_run import run_now
from cersgroups.jobs.run_mail import PATIENCE
from cersgroups.jobs.scheduled_run import advance_run
from cersgroups.jobs.worker import run_worker
from cersgroups.records.profile import Profile
from cersgroups.records.scheduled_process import ScheduledProcess, ScheduledRun
from cersgroups.records.scope import lea_scope
from tests.mailbox import Mailbox, free_port, html_of, mail_server, point_to, text_of
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.profiles import CLASSES, GRADES
from tests.roster import give_roster
from tests.schedule import (
    ON_FRIDAY,
    at,
    extracts_of,
    include_profiles,
    only_run,
    runs_of,
    save,
    save_on_tuesday,
    states,
    utc,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folk(stored_snapshot: Path) -> People:
    folk = make_people()
    give_roster(folk.lea_id, stored_snapshot)
    return folk


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    settings.URL = "https://groups.live-oak.example"
    with mail_server(settings) as box:
        yield box


def work() -> None:
    """As the worker would, now or whenever a job is planned for."""
    with connect_as_owner() as owner:
        owner.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    run_worker(wait=False)


def ran(folk: People) -> ScheduledRun:
    """The run of a person who said Run now, after the worker."""
    run = run_now(folk.ada)
    run_worker(wait=False)
    return next(one for one in runs_of(folk.lea_id) if one.pk == run.pk)


def test_on_its_day_the_file_is_made_of_everybodys_included_profiles_and_people_are_told(
    folk: People, mailbox: Mailbox
) -> None:
    include_profiles(folk)
    save_on_tuesday(folk.alma, emails=["data@live-oak.example", "it@live-oak.example"])
    at(ON_FRIDAY)
    run_worker(wait=False)
    run = only_run(folk.lea_id)
    assert (run.state, run.outcome, run.mail_fault) == ("done", "done", "")
    [extract] = extracts_of(folk.lea_id)
    assert (extract.run_id, extract.created_by_id, extract.consolidated) == (run.pk, None, True)
    with lea_scope(folk.lea_id):
        assert [profile.name for profile in extract.profiles.all()] == ["Classes", "Grades"]
        assert ScheduledProcess.objects.get().last_processed == extract.finished_at
    assert mailbox.to() == ["data@live-oak.example", "it@live-oak.example"]


def test_the_mail_says_what_was_made_and_where_it_is_and_names_no_student(folk: People, mailbox: Mailbox) -> None:
    include_profiles(folk)
    save(folk.ada)
    run = ran(folk)
    [mail] = mailbox.mails
    [extract] = extracts_of(folk.lea_id)
    assert mail["Subject"] == "Live Oak Unified: the student groups file is ready"
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Message-ID"] == f"<run-{run.pk}.lea-{folk.lea_id}@groups.live-oak.example>"
    file = (extract.folder / "extract-1.csv").read_text()
    ssids = {line.split(",")[4] for line in file.splitlines()[1:]} - {""}
    for body in (text_of(mail), html_of(mail)):
        assert f"https://groups.live-oak.example/extracted-files/{extract.pk}/" in body
        assert "https://groups.live-oak.example/scheduled-process/" in body
        assert "Old grades (2025-26)" in body
        assert "Run by hand by Ada Admin" in body
        assert f"{extract.records:,}" in body
        assert ssids
        assert not [ssid for ssid in ssids if ssid in body]
    assert "Student groups" in text_of(mail)


def test_findings_are_told_once_and_again_when_there_are_more(folk: People, mailbox: Mailbox) -> None:
    create_profile(folk.ada, {**GRADES, "include_in_scheduled_process": True})
    save(folk.ada)
    ran(folk)
    ran(folk)
    create_profile(folk.ada, {**CLASSES, "include_in_scheduled_process": True})
    ran(folk)
    first, second, third = (text_of(mail) for mail in mailbox.mails)
    assert "WHAT TO KNOW ABOUT THE DATA" in first
    assert "NEW SINCE THE LAST RUN" not in first + second
    assert "NEW SINCE THE LAST RUN" in third


def test_without_a_profile_the_mail_says_what_to_do(folk: People, mailbox: Mailbox) -> None:
    save(folk.ada)
    run = ran(folk)
    assert run.state == "failed"
    assert run.why.startswith("No profile says Include in Scheduled Process. Tick it")
    assert extracts_of(folk.lea_id) == []
    assert mailbox.mails[0]["Subject"] == "Live Oak Unified: no student groups file was created"
    assert "Tick it in the profiles" in " ".join(text_of(mailbox.mails[0]).split())


def test_profiles_of_another_year_alone_make_no_file(folk: People, mailbox: Mailbox) -> None:
    create_profile(folk.ada, {**GRADES, "include_in_scheduled_process": True, "school_year": 2026})
    save(folk.ada)
    assert ran(folk).why.startswith("No profile of the roster's school year, 2026-27, says Include")
    assert "- Grades (2025-26)" in text_of(mailbox.mails[0])


def test_without_a_roster_people_are_told(mailbox: Mailbox) -> None:
    folk = make_people()
    save(folk.ada)
    assert ran(folk).why.startswith("There is no roster yet.")
    assert "An admin must upload one" in text_of(mailbox.mails[0])


def test_an_extract_that_fails_is_told_with_its_reason_and_without_students(folk: People, mailbox: Mailbox) -> None:
    gone = {"name": "Tutoring", "students": ["9999999999", "A-1"]}
    listed = {**GRADES, "type": "student_list", "list": gone, "include_in_scheduled_process": True}
    create_profile(folk.ada, listed)
    save(folk.ada)
    run = ran(folk)
    assert (run.state, run.extract.state) == ("failed", "failed")
    told = " ".join(text_of(mailbox.mails[0]).split())
    assert "none of the chosen students is in the roster" in told
    assert "9999999999" not in run.why + run.extract.why
    assert "9999999999" not in told
    assert "A-1" not in told


def test_what_was_missed_is_told_too_late_is_too_late(folk: People, mailbox: Mailbox) -> None:
    include_profiles(folk)
    save_on_tuesday(folk.ada)
    at(utc("2026-12-06T20:00"))
    run_worker(wait=False)
    assert states(runs_of(folk.lea_id)) == [("2026-11-27T22:30", "missed"), ("2026-12-04T22:30", "missed")]
    [mail] = mailbox.mails
    assert mail["Subject"] == "Live Oak Unified: the scheduled process did not run"
    assert "Scheduled process of Friday, December 4, 2026, 10:30 PM" in text_of(mail)
    assert "- Friday, November 27, 2026, 10:30 PM" in text_of(mail)
    assert extracts_of(folk.lea_id) == []


def test_a_run_that_is_made_up_says_so_and_what_was_missed_before(folk: People, mailbox: Mailbox) -> None:
    include_profiles(folk)
    save_on_tuesday(folk.ada)
    at(utc("2026-12-05T20:00"))
    with lea_scope(folk.lea_id):
        ScheduledRun.objects.filter(state="queued").update(created_at=utc("2026-12-05T20:00"))
    run_worker(wait=False)
    assert states(runs_of(folk.lea_id)) == [("2026-11-27T22:30", "missed"), ("2026-12-04T22:30", "done")]
    text = text_of(mailbox.mails[0])
    assert (
        "Ran late, on Saturday, December 5, 2026, 12:00 PM, because nothing was running at the scheduled time"
        in " ".join(text.split())
    )
    assert "RUNS THAT WERE MISSED BEFORE\n\n- Friday, November 27, 2026, 10:30 PM" in text


def test_a_mail_server_that_is_down_delays_the_mail_and_repeats_nothing_else(folk: People, settings: Settings) -> None:
    port = free_port()
    point_to(settings, port)
    include_profiles(folk)
    save(folk.ada)
    run = ran(folk)
    assert (run.state, run.outcome) == ("telling", "done")
    assert "The mail server cannot be reached" in run.mail_fault
    job = ProcrastinateJob.objects.get(task_name="advance_run", status="todo")
    assert job.scheduled_at is not None
    assert job.scheduled_at > timezone.now()
    work()
    with mail_server(settings, port) as mailbox:
        work()
        work()
    assert (only_run(folk.lea_id).state, len(extracts_of(folk.lea_id))) == ("done", 1)
    assert mailbox.to() == ["data@live-oak.example"]


def test_after_a_day_the_mail_is_given_up_and_the_history_says_so(folk: People, settings: Settings) -> None:
    point_to(settings, free_port())
    include_profiles(folk)
    save(folk.ada)
    ran(folk)
    with lea_scope(folk.lea_id):
        ScheduledRun.objects.update(telling_since=timezone.now() - PATIENCE - timedelta(seconds=1))
    work()
    run = only_run(folk.lea_id)
    assert run.state == "done"
    assert "The mail server cannot be reached" in run.mail_fault
    assert not ProcrastinateJob.objects.filter(task_name="advance_run", status="todo").exists()


def test_an_address_that_the_server_refuses_keeps_no_other_from_its_mail(folk: People, mailbox: Mailbox) -> None:
    include_profiles(folk)
    mailbox.refused["gone@live-oak.example"] = "550 no such user"
    save(folk.ada, emails=["gone@live-oak.example", "data@live-oak.example"])
    run = ran(folk)
    assert (run.state, run.unreachable) == ("done", ["gone@live-oak.example"])
    assert run.mail_fault == "gone@live-oak.example: 550 no such user"
    assert mailbox.to() == ["data@live-oak.example"]


def test_an_address_that_the_server_refuses_for_now_is_tried_again(folk: People, mailbox: Mailbox) -> None:
    include_profiles(folk)
    mailbox.refused["full@live-oak.example"] = "452 mailbox full"
    save(folk.ada, emails=["full@live-oak.example", "data@live-oak.example"])
    assert ran(folk).state == "telling"
    mailbox.refused.clear()
    work()
    assert only_run(folk.lea_id).state == "done"
    assert mailbox.to() == ["data@live-oak.example", "full@live-oak.example"]


def test_the_subject_is_one_line_whatever_the_lea_is_called(folk: People, mailbox: Mailbox) -> None:
    change_settings(folk.ada, name="Élan\nBcc: x@y.example")
    include_profiles(folk)
    save(folk.ada)
    assert ran(folk).state == "done"
    assert mailbox.mails[0]["Subject"].strip() == "Élan Bcc: x@y.example: the student groups file is ready"
    assert mailbox.mails[0]["Bcc"] is None


def test_a_run_cannot_be_reached_from_another_lea(folk: People, mailbox: Mailbox) -> None:
    save(folk.ada)
    run = run_now(folk.ada)
    with lea_scope(folk.other_lea_id):
        advance_run(run.pk)
    assert (only_run(folk.lea_id).state, mailbox.mails) == ("queued", [])


def test_no_profile_of_another_lea_is_in_it(folk: People, mailbox: Mailbox, stored_snapshot: Path) -> None:
    give_roster(folk.other_lea_id, stored_snapshot)
    create_profile(folk.olga, {**GRADES, "name": "Of Olga", "include_in_scheduled_process": True})
    include_profiles(folk)
    save(folk.ada)
    ran(folk)
    with lea_scope(folk.lea_id):
        assert Profile.objects.filter(name="Of Olga").count() == 0
        assert extracts_of(folk.lea_id)[0].profiles.count() == 2
    assert "Olga" not in text_of(mailbox.mails[0])
