"""A run of the scheduled process as the history shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from cersgroups.core.permission import SYSTEM
from cersgroups.core.student_mask import without_students
from cersgroups.jobs.run_roster import roster_sentence
from cersgroups.records.extract import Extract
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.upload import Upload
from cersgroups.web.access import At
from cersgroups.web.state import State

_STATES = {
    "queued": ("Waiting", "secondary"),
    "syncing": ("Fetching the roster", "secondary"),
    "building": ("Making the file", "secondary"),
    "uploading": ("Uploading", "secondary"),
    "telling": ("Sending the mail", "secondary"),
    "done": ("Done", "success"),
    "stopped": ("Stopped", "warning"),
    "failed": ("Failed", "danger"),
    "missed": ("Missed", "danger"),
}
_LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class RunSummary:
    """`meant`: the local date and time, without a zone. `link`: one may open extract and upload."""

    run: ScheduledRun
    meant: datetime
    extract: Extract | None
    upload: Upload | None
    link: bool

    @property
    def state(self) -> State:
        return run_state(self.run.state)

    @property
    def why(self) -> str:
        """It may be of other people's profiles, so it names no student."""
        sending = self.upload is not None and self.run.state == "uploading"
        return without_students(self.upload.why if sending and self.upload else self.run.why)

    @property
    def roster(self) -> str:
        """What the file is made of."""
        if self.extract is None:
            return ""
        return roster_sentence(self.extract.snapshot, lambda at: date_format(timezone.localtime(at), "M j, g:i A"))

    @property
    def roster_note(self) -> str:
        return without_students(self.run.roster_note)

    @property
    def made_up(self) -> bool:
        return not self.run.by_hand and self.run.outcome != "missed" and self.run.late >= _LATE

    @property
    def moving(self) -> bool:
        """Whether to look again in a moment; not while it waits for a mail server."""
        return self.run.waiting and not self.run.mail_fault


def run_state(state: str) -> State:
    """Of a run's state, or its outcome."""
    return State(*_STATES[state])


def summarize(at: At, run: ScheduledRun) -> RunSummary:
    """The run with its extract, as far as the person may open it."""
    extract: Extract | None = getattr(run, "extract", None)
    local = run.due_at.astimezone(at.lea.zone).replace(tzinfo=None)
    meant = local if run.by_hand else datetime.fromisoformat(run.occurrence)
    link = extract is not None and at.can("read_findings", owner_id=SYSTEM, school_ids=extract.school_ids)
    uploads = list(extract.uploads.all()) if extract else []
    return RunSummary(run, meant, extract, uploads[-1] if uploads else None, link)
