"""What monitoring is answered: whether the process lives, whether it can work, and figures over all LEAs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from cersgroups.actions.extract import create_extracts
from cersgroups.actions.profile import create_profile
from cersgroups.records import operation_figure
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
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
