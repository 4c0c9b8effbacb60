"""The upload of a run: where the scheduled process meets the delivery."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cersgroups.actions.upload import create_upload_of_system
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.upload import Upload

Outcome = Literal["done", "stopped", "failed"]

MOST_MESSAGES = 20

_OUTCOMES: dict[str, Outcome] = {
    "done": "done",
    "accepted": "done",
    "held": "stopped",
    "stopped": "stopped",
    "refused": "failed",
    "failed": "failed",
    "cancelled": "failed",
}
_FIGURES = {
    "groups_new": "Student groups new",
    "groups_changed": "Student groups changed",
    "groups_unchanged": "Student groups unchanged",
    "groups_retired": "Student groups emptied",
    "students_added": "Students added",
    "students_removed": "Students removed",
    "users_added": "Users added",
    "users_removed": "Users removed",
}


@dataclass(frozen=True)
class UploadResult:
    """What the run ends as and why; the receiver's messages, and what changes (name and count)."""

    upload: Upload
    outcome: Outcome
    why: str
    messages: tuple[str, ...]
    changes: tuple[tuple[str, int], ...]


def upload_of_run(run: ScheduledRun) -> None:
    """Have the run's extract uploaded; in the transaction of the run's step. Raises RequestStop if it cannot be."""
    create_upload_of_system(run.extract)


def upload_result(run: ScheduledRun) -> UploadResult | None:
    """None while the upload goes on, and if there is none. That of the run is the first of its extract."""
    upload = Upload.objects.filter(extract__run=run).order_by("id").first()
    if upload is None or upload.state not in _OUTCOMES:
        return None
    return UploadResult(upload, _OUTCOMES[upload.state], _why(upload), tuple(_messages(upload)), _changes(upload))


def _why(upload: Upload) -> str:
    if upload.state == "held":
        return " ".join(upload.stops)
    if upload.state == "cancelled":
        return "Somebody has cancelled the upload."
    if upload.state == "accepted":
        return "CERS has accepted the file and does not say what became of it. Look at the groups on CERS’s own page."
    return upload.why


def _messages(upload: Upload) -> Iterator[str]:
    lines = [line for part in upload.parts.all() for line in part.message.splitlines() if line.strip()]
    yield from lines[:MOST_MESSAGES]
    if len(lines) > MOST_MESSAGES:
        yield f"And {len(lines) - MOST_MESSAGES:,} more: see the page of the upload."


def _changes(upload: Upload) -> tuple[tuple[str, int], ...]:
    return tuple((label, upload.figures[name]) for name, label in _FIGURES.items() if name in upload.figures)
