"""What monitoring is answered: whether the process lives, whether it can work, and figures over all LEAs."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from cersgroups.actions.extract import create_extracts
from cersgroups.actions.profile import create_profile
from cersgroups.records import operation_figure, readiness
from cersgroups.records.given_up_job import GivenUpJob
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.upload import Upload
from cersgroups.web.metric import FAMILIES
from tests.people import People
from tests.profiles import GRADES
from tests.roster import give_roster

pytestmark = pytest.mark.django_db
TOKEN = "0123456789abcdef" * 2


def figures(**headers: str) -> dict[tuple[str, str], float]:
    """By name and label."""
    text = Client().get("/metrics", **headers).content.decode()  # type: ignore[arg-type]
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_process_lives_whatever_host_is_named_and_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cersgroups.web.probe.missing_parts", lambda: ["database"])
    assert Client().get("/healthz", headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_it_is_ready_with_the_database_its_tables_and_a_folder_to_write_to() -> None:
    answer = Client().get("/readyz", headers={"host": "10.1.2.3"})
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "failing": []})


def test_a_missing_change_of_the_tables_makes_it_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = frozenset({("records", "9999_of_tomorrow")})
    monkeypatch.setattr("cersgroups.records.readiness.needed_migrations", lambda: needed)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["migrations"])


def test_tables_of_a_newer_version_make_it_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older program that was not stopped, while another machine has brought the tables up to date."""
    older = frozenset(name for name in readiness.needed_migrations() if name != ("records", "0001_lea_and_people"))
    monkeypatch.setattr("cersgroups.records.readiness.needed_migrations", lambda: older)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["failing"]) == (503, ["migrations"])


def test_a_folder_that_cannot_be_written_to_makes_it_not_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("cersgroups.records.readiness.data_folder", lambda: tmp_path / "gone")
    assert Client().get("/readyz").json()["failing"] == ["data folder"]


def test_the_figures_count_over_all_leas_and_the_application_still_sees_no_row(
    people: People, stored_snapshot: Path
) -> None:
    for admin in (people.ada, people.olga):
        give_roster(admin.lea_id, stored_snapshot)
        create_extracts(admin, [create_profile(admin, GRADES).pk])
    found = figures()
    assert found["cersgroups_leas", ""] == 2
    assert found["cersgroups_extracts", "queued"] == 2
    assert found["cersgroups_snapshots", "ready"] == 2
    assert found["cersgroups_jobs", "todo"] == 2
    assert found["cersgroups_queue_age_seconds", "heavy"] >= 0
    assert found["cersgroups_roster_age_seconds", str(people.lea_id)] > 0
    assert not Snapshot.objects.exists()
    with lea_scope(people.lea_id):
        assert Snapshot.objects.count() == 1


def test_runs_and_uploads_are_counted_by_what_became_of_them(people: People) -> None:
    for lea_id, outcomes in ((people.lea_id, ("done", "done", "missed")), (people.other_lea_id, ("failed", ""))):
        with lea_scope(lea_id):
            for number, outcome in enumerate(outcomes):
                ScheduledRun.objects.create(
                    lea_id=lea_id,
                    occurrence=f"run {number}",
                    state=outcome or "syncing",
                    outcome=outcome,
                    due_at=timezone.now(),
                )
            for state in ("done", "accepted", "held", "held"):
                Upload.objects.create(lea_id=lea_id, state=state)
    found = figures()
    runs = {label: n for (name, label), n in found.items() if name == "cersgroups_runs"}
    uploads = {label: n for (name, label), n in found.items() if name == "cersgroups_uploads"}
    assert runs == {"done": 2, "missed": 1, "failed": 1, "syncing": 1}
    assert uploads == {"done": 2, "accepted": 2, "held": 4}


def test_the_age_of_a_roster_is_that_of_what_it_was_taken_from(people: People, stored_snapshot: Path) -> None:
    for admin, days in ((people.ada, 9), (people.olga, 2)):
        give_roster(admin.lea_id, stored_snapshot)
        with lea_scope(admin.lea_id):
            Snapshot.objects.update(taken_at=timezone.now() - timedelta(days=days))
        give_roster_that_is_not_used(admin.lea_id)
    found = figures()
    ages = {label: round(n / 86_400) for (name, label), n in found.items() if name == "cersgroups_roster_age_seconds"}
    assert ages == {str(people.lea_id): 9, str(people.other_lea_id): 2}


def give_roster_that_is_not_used(lea_id: int) -> None:
    with lea_scope(lea_id):
        Snapshot.objects.create(lea_id=lea_id, state="ready", taken_at=timezone.now())


def test_heartbeats_are_those_of_the_last_15_seconds() -> None:
    assert figures()["cersgroups_heartbeats", ""] == 0
    assert ("cersgroups_heartbeat_age_seconds", "") not in figures()
    beat(seconds=(5, 6, 7, 8, 40))
    found = figures()
    assert found["cersgroups_heartbeats", ""] == 4
    assert 5 <= found["cersgroups_heartbeat_age_seconds", ""] < 15
    assert "each worker process has four" in Client().get("/metrics").content.decode()


def beat(seconds: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        for ago in seconds:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))", [ago]
            )


def test_a_job_that_waits_for_an_earlier_one_is_not_one_that_nobody_does() -> None:
    """CERS is down: the first upload waits for the next try, the others of its LEA wait for it."""
    wait_for_two_hours(lock="uploads-of-lea-1", count=3)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '15 minutes' WHERE id = "
            "(SELECT min(id) FROM procrastinate_jobs)"
        )
    assert figures()["cersgroups_queue_age_seconds", "default"] == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT min(id) FROM procrastinate_jobs)"
        )
    assert ("cersgroups_queue_age_seconds", "default") not in figures()
    wait_for_two_hours(lock=None, count=1)
    assert 7_200 <= figures()["cersgroups_queue_age_seconds", "default"] < 7_300


def test_the_first_of_those_that_wait_for_each_other_counts() -> None:
    wait_for_two_hours(lock="uploads-of-lea-1", count=2)
    assert 7_200 <= figures()["cersgroups_queue_age_seconds", "default"] < 7_300


def wait_for_two_hours(lock: str | None, count: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(count):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, lock) VALUES ('default', 'x', %s)", [lock]
            )
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '2 hours'")


def test_jobs_that_were_given_up_stay_counted() -> None:
    GivenUpJob.objects.create(task="clean_up", count=3, last_at=timezone.now() - timedelta(days=400))
    assert figures()["cersgroups_jobs_given_up_total", "clean_up"] == 3
    assert "# TYPE cersgroups_jobs_given_up_total counter" in Client().get("/metrics").content.decode()


def test_every_figure_has_its_meaning_and_none_names_anybody(people: People, stored_snapshot: Path) -> None:
    give_roster(people.lea_id, stored_snapshot)
    assert {figure.name for figure in operation_figure.read_figures()} <= set(FAMILIES)
    text = Client().get("/metrics").content.decode()
    assert "Live Oak" not in text
    assert "@" not in text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_are_only_read(path: str, method: str) -> None:
    ask: Callable[[str], object] = getattr(Client(), method)
    assert getattr(ask(path), "status_code") == 405  # noqa: B009


def test_the_figures_are_for_the_allowed_addresses_only() -> None:
    answer = Client().get("/metrics", REMOTE_ADDR="10.9.9.9")
    assert answer.status_code == 403
    assert b"CERSGROUPS_METRICS_ADDRESSES" in answer.content


def test_who_has_the_token_reads_them_from_anywhere(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    with_token = {"headers": {"authorization": f"Bearer {TOKEN}"}, "REMOTE_ADDR": "10.9.9.9"}
    assert Client().get("/metrics", **with_token).status_code == 200  # type: ignore[arg-type]
    for wrong in (f"Bearer {TOKEN}x", "Bearer ", TOKEN):
        answer = Client().get("/metrics", headers={"authorization": wrong}, REMOTE_ADDR="10.9.9.9")
        assert answer.status_code == 403


def test_without_a_token_in_the_settings_no_token_opens_them() -> None:
    answer = Client().get("/metrics", headers={"authorization": "Bearer "}, REMOTE_ADDR="10.9.9.9")
    assert answer.status_code == 403


def test_behind_a_proxy_the_address_is_that_of_who_asks(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert Client().get("/metrics", headers={"x-forwarded-for": "10.9.9.9"}).status_code == 403
    assert Client().get("/metrics", headers={"x-forwarded-for": "127.0.0.1, 10.9.9.9"}).status_code == 403
    assert Client().get("/metrics").status_code == 200, "asked from this machine itself, past the proxy"
