"""States and transitions: one table, from which the diagram in the docs is made."""

from pathlib import Path
from typing import get_args

import pytest

from cersgroups.core.state import TRANSITIONS, Kind, can_become, check_transition, diagram, is_waiting

DOCS = Path(__file__).parents[2] / "docs" / "states.md"
EVERY = [(kind, old, new) for kind, states in TRANSITIONS.items() for old in states for new in states]


@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_docs_show_the_diagram_of_the_table(kind: Kind) -> None:
    assert diagram(kind) in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize(("kind", "old", "new"), EVERY)
def test_only_transitions_of_the_table_are_allowed(kind: Kind, old: str, new: str) -> None:
    if new in TRANSITIONS[kind][old]:
        check_transition(kind, old, new)
    else:
        with pytest.raises(ValueError, match=f"a {kind} that is {old} cannot become {new}"):
            check_transition(kind, old, new)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_transition_leads_to_a_state_of_the_table(kind: Kind) -> None:
    assert {new for steps in TRANSITIONS[kind].values() for new in steps} <= set(TRANSITIONS[kind])


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_job_that_waits_can_always_fail_and_what_is_final_never_waits(kind: Kind) -> None:
    for state, steps in TRANSITIONS[kind].items():
        assert is_waiting(kind, state) == can_become(kind, state, "failed")
        assert steps or not is_waiting(kind, state)


def test_a_dead_workers_state_can_be_taken_over() -> None:
    assert can_become("snapshot", "converting", "converting")
    assert can_become("extract", "building", "building")


def test_what_is_done_stays_done() -> None:
    assert not TRANSITIONS["extract"]["done"]
    assert not TRANSITIONS["snapshot"]["ready"]
