"""The settings of the scheduled process, and what is due of it."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from cersgroups.actions.audit import visible_entries
from cersgroups.actions.lea import change_settings
from cersgroups.actions.scheduled_process import disable_scheduled_process, find_scheduled_process
from cersgroups.actions.scheduled_run import run_now, visible_runs
from cersgroups.core.error import PermissionRefused, RequestStop
from cersgroups.records.due import Due, plan
from cersgroups.records.scope import lea_scope
from tests.people import People
from tests.schedule import (
    FRIDAY,
    HALF_PAST_TEN,
    ON_FRIDAY,
    TUESDAY,
    at,
    only_run,
    runs_of,
    save,
    save_on_tuesday,
    states,
    utc,
)

pytestmark = pytest.mark.django_db


def dues() -> list[tuple[int, str]]:
    return list(Due.objects.order_by("lea_id").values_list("lea_id", "what"))


@pytest.mark.parametrize("who", ["ada", "alma"])
def test_admins_and_who_has_administer_save_it(people: People, who: str) -> None:
    save(people.by_name(who), emails=["a@b.example", " c@d.example ", "A@B.example"])
    with lea_scope(people.lea_id):
        saved = find_scheduled_process(people.sam)
        assert saved is not None
        assert (saved.days, saved.time, saved.enabled) == ([FRIDAY], HALF_PAST_TEN, True)
        assert saved.emails == ["a@b.example", "c@d.example"]
        assert saved.changed_by_id == people.by_name(who).person_id
        entry = visible_entries(people.ada)[0]
    assert (entry.action, entry.detail["days"], entry.detail["time"]) == ("save scheduled process", [FRIDAY], "22:30")


def test_who_is_limited_to_schools_sees_it_and_cannot_change_it(people: People) -> None:
    save(people.ada)
    for action in (save, run_now, disable_scheduled_process):
        with pytest.raises(PermissionRefused, match="it concerns all schools, and you are limited to some"):
            action(people.sam)
    with lea_scope(people.lea_id):
        assert find_scheduled_process(people.sam) is not None
        with pytest.raises(PermissionRefused):
            find_scheduled_process(people.vera)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"days": []}, "No day is chosen"),
        ({"days": [7]}, "There is no such day of the week"),
        ({"emails": []}, "There is no e-mail address"),
        ({"emails": [" "]}, "There is no e-mail address"),
        ({"emails": ["a@b.example", "nonsense"]}, "'nonsense' is no e-mail address"),
        ({"emails": ["a@b.example\nBcc: x@y.example"]}, "is no e-mail address"),
        ({"emails": [f"a{n}@b.example" for n in range(21)]}, "These are 21 e-mail addresses. Enter at most 20"),
        ({"upload": True}, "Uploads to CERS are switched off"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(people: People, wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(RequestStop, match=sentence):
        save(people.ada, **wrong)
    with lea_scope(people.lea_id):
        assert find_scheduled_process(people.ada) is None
    assert dues() == []


def test_only_what_is_enabled_is_due(people: People) -> None:
    save(people.ada, enable=None)
    assert dues() == []
    save(people.ada)
    assert dues() == [(people.lea_id, "scheduled_process")]
    save(people.ada, enable=None, at=time(6))
    assert dues() == [(people.lea_id, "scheduled_process")]
    disable_scheduled_process(people.ada)
    assert dues() == []


def test_an_occurrence_runs_once_however_often_the_clock_is_looked_at(people: People) -> None:
    save_on_tuesday(people.ada)
    at(ON_FRIDAY - timedelta(seconds=1))
    assert runs_of(people.lea_id) == []
    for seconds in (0, 0, 10, 3600):
        at(ON_FRIDAY + timedelta(seconds=seconds))
    run = only_run(people.lea_id)
    assert (run.occurrence, run.state, run.due_at, run.by_hand) == ("2026-11-27T22:30", "queued", ON_FRIDAY, False)
    assert Due.objects.get().at == utc("2026-12-05T06:30")


def test_what_nothing_ran_for_is_made_up_or_recorded_as_missed(people: People) -> None:
    save_on_tuesday(people.ada)
    at(utc("2026-12-12T20:00"))
    assert states(runs_of(people.lea_id)) == [
        ("2026-11-27T22:30", "missed"),
        ("2026-12-04T22:30", "missed"),
        ("2026-12-11T22:30", "queued"),
    ]


def test_the_last_of_those_that_were_missed_goes_on_to_tell_people(people: People) -> None:
    save_on_tuesday(people.ada)
    at(utc("2026-12-06T20:00"))
    first, last = runs_of(people.lea_id)
    assert [(run.state, run.outcome) for run in (first, last)] == [("missed", "missed"), ("queued", "missed")]


def test_a_clock_that_was_wrong_and_is_put_back_runs_nothing_twice_and_nothing_too_late(people: People) -> None:
    save_on_tuesday(people.ada)
    at(ON_FRIDAY)
    at(utc("2027-11-01T00:00"))
    before = len(runs_of(people.lea_id))
    Due.objects.update(planned_at=utc("2027-11-01T00:00"))
    at(TUESDAY)
    Due.objects.update(planned_at=TUESDAY)
    assert Due.objects.get().at == ON_FRIDAY
    at(ON_FRIDAY)
    assert len(runs_of(people.lea_id)) == before


def test_settings_that_change_take_back_nothing_that_was_due(people: People) -> None:
    save_on_tuesday(people.ada)
    with lea_scope(people.lea_id):
        process = find_scheduled_process(people.ada)
        assert process is not None
        moment = timezone.now() - timedelta(minutes=5)
        local = moment.astimezone(utc("2026-01-01T00:00").tzinfo)
        change_settings(people.ada, time_zone="UTC")
        type(process).objects.update(
            since=moment - timedelta(hours=1),
            days=list(range(7)),
            time=time(local.hour, local.minute),
        )
    save(people.ada, at=time((local.hour + 12) % 24), enable=None)
    assert only_run(people.lea_id).state == "queued"


def test_the_new_time_of_another_time_zone_counts_at_once(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    save_on_tuesday(people.ada)
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)
    change_settings(people.ada, time_zone="America/New_York")
    at(TUESDAY)
    assert Due.objects.get().at == utc("2026-11-28T03:30")


def test_nothing_of_a_disabled_process_runs(people: People) -> None:
    save_on_tuesday(people.ada)
    disable_scheduled_process(people.alma)
    plan(people.lea_id, "scheduled_process", ON_FRIDAY)  # as if the task had read it a moment before
    at(ON_FRIDAY)
    assert (runs_of(people.lea_id), dues()) == ([], [])


def test_each_lea_has_its_own(people: People) -> None:
    save(people.olga)
    save_on_tuesday(people.ada)
    Due.objects.filter(lea_id=people.other_lea_id).update(at=utc("2040-01-01T00:00"))
    at(ON_FRIDAY)
    assert len(runs_of(people.lea_id)) == 1
    assert runs_of(people.other_lea_id) == []


def test_a_fault_of_one_lea_keeps_no_other_waiting(people: People) -> None:
    save(people.olga)
    save_on_tuesday(people.ada)
    Due.objects.filter(lea_id=people.other_lea_id).update(what="unknown", at=TUESDAY)
    at(ON_FRIDAY)
    assert len(runs_of(people.lea_id)) == 1
    assert Due.objects.get(what="unknown").at == ON_FRIDAY + timedelta(minutes=1)


def test_run_now_needs_settings_and_goes_also_when_the_process_is_off(people: People) -> None:
    with pytest.raises(RequestStop, match="Save the settings first"):
        run_now(people.alma)
    save(people.ada, enable=None)
    run = run_now(people.alma)
    assert (run.by_hand, run.state) == (True, "queued")
    with pytest.raises(RequestStop, match="A run is going on"):
        run_now(people.ada)
    with lea_scope(people.lea_id):
        assert [r.started_by_id for r in visible_runs(people.sam)] == [people.alma.person_id]
        assert visible_entries(people.ada)[0].action == "run scheduled process now"
