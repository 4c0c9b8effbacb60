"""How an LEA stands, for whoever looks after several: what it has last, and what of that needs a person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from cersgroups.core.diagnosis import Verdict

About = Literal["roster", "run", "upload", "credential"]

ENDS_SOON_DAYS = 30
"""A credential for CERS that ends within so many days is told: a new one may take weeks to come."""


@dataclass(frozen=True)
class LeaOverview:
    """The newest of each kind, None or blank where there is none.

    `roster_taken_at` is that of the current roster, which is not the newest one if that is not good. A run's state is
    its outcome, once that is known. `credential_ends_on` is the last day of the credential that ends first.
    """

    number: int
    name: str
    time_zone: str
    roster_days: int
    roster_taken_at: datetime | None = None
    newest_roster: int | None = None
    newest_roster_state: str = ""
    process_enabled: bool = False
    run_due_at: datetime | None = None
    run_state: str = ""
    upload: int | None = None
    upload_state: str = ""
    upload_at: datetime | None = None
    credential_ends_on: date | None = None

    def roster_age(self, now: datetime) -> int | None:
        """How many whole days ago the current roster was taken from its source."""
        return None if self.roster_taken_at is None else max(0, (now - self.roster_taken_at).days)


@dataclass(frozen=True)
class Concern:
    """One thing that needs a person: now (`fault`) or soon (`warning`)."""

    about: About
    verdict: Verdict
    sentence: str


_OF_ROSTER: dict[str, tuple[Verdict, str]] = {
    "failed": ("fault", "The newest roster could not be used."),
    "held": ("warning", "A roster waits for approval."),
}
_OF_RUN: dict[str, tuple[Verdict, str]] = {
    "failed": ("fault", "The last run of the scheduled process failed."),
    "missed": ("fault", "The last run of the scheduled process was missed."),
    "stopped": ("fault", "The last run of the scheduled process was stopped."),
}
_OF_UPLOAD: dict[str, tuple[Verdict, str]] = {
    "refused": ("fault", "CERS refused the last upload."),
    "failed": ("fault", "The last upload failed."),
    "stopped": ("fault", "The last upload was stopped."),
    "held": ("warning", "An upload waits for approval."),
    "ready": ("warning", "Files wait to be uploaded by hand."),
}


def concerns_of(lea: LeaOverview, now: datetime) -> tuple[Concern, ...]:
    """What needs a person at this moment, faults first; empty if all is well.

    What went wrong before the scheduled process was switched off, for the summer, concerns nobody.
    """
    told = [
        _told("roster", _OF_ROSTER, lea.newest_roster_state),
        _roster_age(lea, now),
        _told("run", _OF_RUN, lea.run_state) if lea.process_enabled else None,
        _told("upload", _OF_UPLOAD, lea.upload_state),
        _credential(lea, now),
    ]
    return tuple(sorted(filter(None, told), key=lambda concern: concern.verdict != "fault"))


def _told(about: About, words: dict[str, tuple[Verdict, str]], state: str) -> Concern | None:
    return Concern(about, *words[state]) if state in words else None


def _roster_age(lea: LeaOverview, now: datetime) -> Concern | None:
    days = lea.roster_age(now)
    if days is None:
        return Concern("roster", "warning", "There is no roster yet.")
    return Concern("roster", "warning", f"The roster is {days} days old.") if days > lea.roster_days else None


def _credential(lea: LeaOverview, now: datetime) -> Concern | None:
    if lea.credential_ends_on is None:
        return None
    days = (lea.credential_ends_on - now.astimezone(ZoneInfo(lea.time_zone)).date()).days
    if days < 0:
        return Concern("credential", "fault", "A credential for CERS has ended.")
    if days > ENDS_SOON_DAYS:
        return None
    left = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return Concern("credential", "warning", f"A credential for CERS ends {left}.")
