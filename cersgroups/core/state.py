"""States of what takes time, and every transition between them. docs/states.md is made from TRANSITIONS.

Only `check_transition` says whether a step is allowed; a job that finds a final state does nothing.
"""

from typing import Literal

SnapshotState = Literal["queued", "converting", "ready", "failed"]
ExtractState = Literal["queued", "building", "done", "failed"]
Kind = Literal["snapshot", "extract"]

TRANSITIONS: dict[Kind, dict[str, dict[str, str]]] = {
    "snapshot": {
        "queued": {"converting": "a worker takes it", "failed": "the roster cannot be used"},
        "converting": {
            "converting": "its worker died, another takes it",
            "ready": "written and checked",
            "failed": "the roster cannot be used",
        },
        "failed": {"queued": "converted again, with another mapping"},
        "ready": {},
    },
    "extract": {
        "queued": {"building": "a worker takes it", "failed": "it cannot be built"},
        "building": {
            "building": "its worker died, another takes it",
            "done": "written and checked by the receiver's rules",
            "failed": "the data stops it, or there is no group",
        },
        "done": {},
        "failed": {},
    },
}


def is_waiting(kind: Kind, state: str) -> bool:
    """Whether a job still has to do something about it."""
    return state in _WAITING[kind]


def can_become(kind: Kind, old: str, new: str) -> bool:
    """Whether the transition is in the table."""
    return new in TRANSITIONS[kind][old]


def check_transition(kind: Kind, old: str, new: str) -> None:
    """Raises ValueError for a transition that is not in the table: a fault of the software."""
    if not can_become(kind, old, new):
        raise ValueError(f"a {kind} that is {old} cannot become {new}")


def diagram(kind: Kind) -> str:
    """The transitions as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> queued"]
    for old, steps in TRANSITIONS[kind].items():
        lines += [f"    {old} --> {new}: {why}" for new, why in steps.items()]
    return "\n".join(lines)


_WAITING: dict[Kind, tuple[str, ...]] = {"snapshot": ("queued", "converting"), "extract": ("queued", "building")}
