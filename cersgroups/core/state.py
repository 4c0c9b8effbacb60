"""States of what takes time, and every transition between them. docs/states.md is made from TRANSITIONS.

Only `check_transition` says whether a step is allowed; a job that finds a final state does nothing.
"""

from typing import Literal

SnapshotState = Literal["queued", "fetching", "converting", "held", "ready", "failed"]
ExtractState = Literal["queued", "building", "done", "failed"]
Kind = Literal["snapshot", "extract", "run", "upload"]

TRANSITIONS: dict[Kind, dict[str, dict[str, str]]] = {
    "snapshot": {
        "queued": {
            "converting": "a worker takes the uploaded files",
            "fetching": "a worker asks the source",
            "failed": "the roster cannot be used, or a person cancels the sync",
        },
        "fetching": {
            "fetching": "its worker died, another fetches anew",
            "converting": "everything is fetched",
            "failed": "the source does not give it whole, or a person cancels it",
        },
        "converting": {
            "converting": "its worker died, another takes it",
            "fetching": "its worker died, another fetches anew",
            "ready": "written and checked",
            "held": "fetched, and it lost too much against the current one",
            "failed": "the roster cannot be used, or a person cancels the sync",
        },
        "held": {"ready": "a person makes it current all the same"},
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
    "run": {
        "queued": {
            "syncing": "the roster is fetched first",
            "building": "its extract is asked for",
            "telling": "there is nothing to build, or it was missed",
            "failed": "nobody can be told either",
        },
        "syncing": {
            "building": "its extract is asked for, of the new roster or the last good one",
            "telling": "there is no good roster, or nothing to build",
            "failed": "nobody can be told either",
        },
        "building": {
            "uploading": "its extract is done and is to be uploaded",
            "telling": "its extract is done, or failed",
            "failed": "nobody can be told either",
        },
        "uploading": {
            "telling": "its upload has ended, or waits for a person",
            "failed": "nobody can be told either",
        },
        "telling": {
            "done": "the mail is sent, or given up",
            "stopped": "the mail says why nothing was sent to CERS",
            "failed": "the mail says why",
            "missed": "the mail says so",
        },
        "done": {},
        "stopped": {},
        "failed": {},
        "missed": {},
    },
    "upload": {
        "queued": {
            "preparing": "a worker takes it",
            "cancelled": "a person cancels it",
            "failed": "it cannot be prepared",
        },
        "preparing": {
            "preparing": "its worker died, another takes it",
            "held": "a person must say yes first",
            "ready": "its files are there to be uploaded by hand",
            "sending": "all is well",
            "stopped": "it would overwrite groups of another profile",
            "failed": "it cannot be prepared",
        },
        "held": {"queued": "a person says yes", "cancelled": "a person says no"},
        "ready": {"recording": "a person has uploaded the files", "cancelled": "a person says no"},
        "recording": {
            "recording": "its worker died, another takes it",
            "done": "the ledger has it",
            "failed": "the ledger cannot be written",
        },
        "sending": {
            "sending": "its worker died, or the answer was lost: the same bytes are sent again",
            "done": "CERS has processed it",
            "accepted": "CERS has accepted it and does not say more",
            "refused": "CERS refuses a file",
            "failed": "it cannot be sent",
        },
        "done": {},
        "accepted": {},
        "refused": {},
        "stopped": {},
        "cancelled": {},
        "failed": {},
    },
}


def is_waiting(kind: Kind, state: str) -> bool:
    """Whether a job still has to do something about it."""
    return state in _WAITING[kind]


def waiting_states(kind: Kind) -> tuple[str, ...]:
    """Those in which a job still has to do something about it."""
    return _WAITING[kind]


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


_WAITING: dict[Kind, tuple[str, ...]] = {
    "snapshot": ("queued", "fetching", "converting"),
    "extract": ("queued", "building"),
    "run": ("queued", "syncing", "building", "uploading", "telling"),
    "upload": ("queued", "preparing", "recording", "sending"),
}
