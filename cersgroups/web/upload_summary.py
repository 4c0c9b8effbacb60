"""An upload in the words of the screen."""

from dataclasses import dataclass

from cersgroups.records.upload import Upload, UploadPart
from cersgroups.web.label import year_label
from cersgroups.web.state import State

_STATES = {
    "queued": ("Waiting", "secondary"),
    "preparing": ("Comparing", "secondary"),
    "held": ("Waiting for approval", "warning"),
    "ready": ("To be uploaded by hand", "warning"),
    "recording": ("Recording", "secondary"),
    "sending": ("Sending", "secondary"),
    "done": ("Done", "success"),
    "accepted": ("Accepted", "success"),
    "refused": ("Refused by CERS", "danger"),
    "stopped": ("Stopped", "danger"),
    "cancelled": ("Cancelled", "secondary"),
    "failed": ("Failed", "danger"),
}
_PART_STATES = {
    "waiting": ("Not sent yet", "secondary"),
    "sending": ("Sent, no answer yet", "secondary"),
    "accepted": ("Accepted", "success"),
    "done": ("Processed", "success"),
    "refused": ("Refused", "danger"),
}
_BY_HAND = State("Confirmed by hand", "success")
"""CERS itself has not answered here."""

DIFFERENCE_LABELS = {
    "student": "Student",
    "user": "User",
    "subject": "Subject",
    "added": "Added",
    "removed": "Removed",
    "changed": "Changed",
}


def what_of(upload: Upload) -> str:
    """What is uploaded, in a few words."""
    if upload.extract is not None:
        return (
            f"{upload.extract.name}, {upload.extract.as_of:%b} {upload.extract.as_of.day}, {upload.extract.as_of.year}"
        )
    if upload.retire_year is not None:
        return f"Retiring groups of school year {year_label(upload.retire_year)}"
    return "Retiring groups of deleted profiles"


@dataclass(frozen=True)
class Figure:
    """One line of what changes: `gone` is what is taken away, None where that has no meaning."""

    label: str
    before: int | None
    added: int | None
    gone: int | None
    changed: int | None = None
    unchanged: int | None = None


@dataclass(frozen=True)
class Part:
    """`lines` are the receiver's messages, one a row."""

    part: UploadPart
    state: State
    what: str
    lines: tuple[str, ...]


def state_of(upload: Upload) -> State:
    if upload.state == "failed" and not upload.parts.filter(sent_at__isnull=False).exists():
        return State("Not sent", "danger")
    return upload_state(upload.state)


def upload_state(state: str) -> State:
    """Of a state alone, which does not say whether any of what failed was sent."""
    return State(*_STATES[state])


def figures_of(upload: Upload) -> list[Figure]:
    """What changes in CERS; empty until it is known."""
    counts: dict[str, int] = upload.figures
    if not counts:
        return []
    return [
        Figure(
            "Student groups",
            counts["groups_before"],
            counts["groups_new"],
            counts["groups_retired"],
            counts["groups_changed"],
            counts["groups_unchanged"],
        ),
        Figure("Students", counts["students_before"], counts["students_added"], counts["students_removed"]),
        Figure("Users", counts["users_before"], counts["users_added"], counts["users_removed"]),
    ]


def changes_title(upload: Upload) -> str:
    """Above what changes, or what would have changed."""
    if upload.state in ("done", "accepted"):
        return "What changed in CERS"
    if upload.state in ("refused", "failed", "stopped", "cancelled"):
        return "What would have changed in CERS"
    return "What changes in CERS"


def parts_of(upload: Upload) -> list[Part]:
    parts = upload.parts.select_related("credential")
    return [
        Part(
            part,
            _BY_HAND if upload.by_hand and part.state == "done" else State(*_PART_STATES[part.state]),
            "Empties groups that are gone" if part.retires else "Student groups",
            tuple(part.message.splitlines()),
        )
        for part in parts
    ]
