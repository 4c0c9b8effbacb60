"""What of an LEA needs a person is told in a sentence; of what is well nothing is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cersgroups.core.lea_overview import Concern, LeaOverview, concerns_of
from cersgroups.core.state import TRANSITIONS

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
WELL = LeaOverview(
    number=17,
    name="Live Oak Unified",
    time_zone="America/Los_Angeles",
    roster_days=7,
    roster_taken_at=NOW - timedelta(days=7),
    newest_roster=3,
    newest_roster_state="ready",
    process_enabled=True,
    run_due_at=NOW - timedelta(days=4),
    run_state="done",
    upload=5,
    upload_state="done",
    upload_at=NOW - timedelta(days=4),
    credential_ends_on=date(2027, 6, 1),
)


def told(**changes: Any) -> list[tuple[str, str, str]]:
    concerns = concerns_of(replace(WELL, **changes), NOW)
    return [(concern.about, concern.verdict, concern.sentence) for concern in concerns]


def test_of_an_lea_that_is_well_nothing_is_told() -> None:
    assert told() == []
    assert told(upload_state="accepted") == []


def test_what_went_wrong_before_the_scheduled_process_was_switched_off_concerns_nobody() -> None:
    assert told(process_enabled=False, run_state="failed") == []


def test_an_lea_that_has_only_been_made_needs_a_roster_and_nothing_else() -> None:
    fresh = LeaOverview(number=1, name="New", time_zone="America/Los_Angeles", roster_days=7)
    assert concerns_of(fresh, NOW) == (Concern("roster", "warning", "There is no roster yet."),)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"roster_taken_at": NOW - timedelta(days=8)}, ("roster", "warning", "The roster is 8 days old.")),
        ({"newest_roster_state": "failed"}, ("roster", "fault", "The newest roster could not be used.")),
        ({"newest_roster_state": "held"}, ("roster", "warning", "A roster waits for approval.")),
        ({"run_state": "failed"}, ("run", "fault", "The last run of the scheduled process failed.")),
        ({"run_state": "missed"}, ("run", "fault", "The last run of the scheduled process was missed.")),
        ({"run_state": "stopped"}, ("run", "fault", "The last run of the scheduled process was stopped.")),
        ({"upload_state": "refused"}, ("upload", "fault", "CERS refused the last upload.")),
        ({"upload_state": "failed"}, ("upload", "fault", "The last upload failed.")),
        ({"upload_state": "stopped"}, ("upload", "fault", "The last upload was stopped.")),
        ({"upload_state": "held"}, ("upload", "warning", "An upload waits for approval.")),
        ({"upload_state": "ready"}, ("upload", "warning", "Files wait to be uploaded by hand.")),
        ({"credential_ends_on": date(2026, 11, 23)}, ("credential", "fault", "A credential for CERS has ended.")),
        ({"credential_ends_on": date(2026, 11, 24)}, ("credential", "warning", "A credential for CERS ends today.")),
        ({"credential_ends_on": date(2026, 11, 25)}, ("credential", "warning", "A credential for CERS ends tomorrow.")),
        ({"credential_ends_on": date(2026, 12, 1)}, ("credential", "warning", "A credential for CERS ends in 7 days.")),
    ],
)  # fmt: skip
def test_what_needs_a_person_is_told(changes: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert told(**changes) == [expected]


def test_a_day_is_one_of_the_leas_own_clock() -> None:
    late = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # still the 24th in California
    [concern] = concerns_of(replace(WELL, credential_ends_on=date(2026, 11, 24)), late)
    assert concern.sentence == "A credential for CERS ends today."


def test_what_is_wrong_now_is_told_before_what_soon_will_be() -> None:
    assert [verdict for _, verdict, _ in told(newest_roster_state="held", upload_state="refused")] == [
        "fault",
        "warning",
    ]


@pytest.mark.parametrize("state", sorted({*TRANSITIONS["run"], *TRANSITIONS["upload"], *TRANSITIONS["snapshot"]}))
def test_while_something_is_being_done_nobody_is_needed(state: str) -> None:
    ends = {"held", "failed", "ready", "refused", "stopped", "missed"}
    if state not in ends:
        assert told(newest_roster_state=state, run_state=state, upload_state=state) == []
