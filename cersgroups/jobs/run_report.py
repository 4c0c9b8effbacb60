"""What people are told about a run. No student is named: a mail is not a place for that."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cersgroups.core.finding import Finding
from cersgroups.core.roster import year_name
from cersgroups.core.student_mask import without_students
from cersgroups.jobs.run_roster import roster_sentence
from cersgroups.jobs.run_upload import UploadResult, upload_result
from cersgroups.records.extract import Extract
from cersgroups.records.lea import Lea
from cersgroups.records.scheduled_process import ScheduledRun

_LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class NewFinding:
    """A finding that the run before did not have, or had less often; `before` is its count then."""

    finding: Finding
    before: int

    @property
    def sentence(self) -> str:
        return self.finding.kind.sentence.format(count=f"{self.finding.count:,}")

    @property
    def advice(self) -> str:
        return self.finding.kind.advice


@dataclass(frozen=True)
class Report:
    """`outcome` as of the run; `lead` says what happened, `why` the reason and `advice` what to do, if there is any.

    `roster` is what the file is made of; `roster_note` says that fetching it did not go well.
    `built` and `changes` are names with counts. `first`: no run before it made a file. Links are whole addresses.
    """

    subject: str
    headline: str
    outcome: str
    lea: str
    meant: str
    how: str
    lead: str
    roster: str
    roster_note: str
    why: str
    advice: str
    built: tuple[tuple[str, int], ...]
    changes_title: str
    changes: tuple[tuple[str, int], ...]
    messages: tuple[str, ...]
    findings: tuple[NewFinding, ...]
    more_findings: int
    first: bool
    left_out: tuple[str, ...]
    missed: tuple[str, ...]
    extract_url: str
    upload_url: str
    process_url: str


def report(run: ScheduledRun) -> Report:
    """What to tell about a run that has its outcome; in the LEA's scope."""
    lea = Lea.objects.get(pk=run.lea_id)
    extract = Extract.objects.filter(run=run).select_related("snapshot__source").first()
    before = _extract_before(run)
    findings = _new_findings(extract, before)
    result = upload_result(run) if run.upload_wanted else None
    headline, lead, advice = _told(run, extract, result)
    with timezone.override(lea.zone):
        return Report(
            subject=f"{lea.name}: {headline[0].lower()}{headline[1:]}",
            headline=headline,
            outcome=run.outcome,
            lea=lea.name,
            meant=_moment(run.due_at) if run.by_hand else _meant(run),
            how=_how(run),
            lead=lead,
            roster=roster_sentence(extract.snapshot, _moment) if extract else "",
            roster_note=without_students(run.roster_note),
            why=without_students(run.why),
            advice=advice,
            built=_built(extract),
            changes_title=_CHANGES_TITLES.get(run.outcome, ""),
            changes=result.changes if result else (),
            messages=tuple(without_students(message) for message in result.messages) if result else (),
            findings=findings[:_MOST_FINDINGS],
            more_findings=max(0, len(findings) - _MOST_FINDINGS),
            first=before is None,
            left_out=tuple(f"{left['name']} ({year_name(left['school_year'])})" for left in run.left_out),
            missed=tuple(_missed_before(run)),
            extract_url=_url("extract", extract.pk) if extract else "",
            upload_url=_url("upload", result.upload.pk) if result else "",
            process_url=_url("scheduled_process"),
        )


_MOST_FINDINGS = 20

_CHANGES_TITLES = {
    "done": "What changed in CERS",
    "stopped": "What would change in CERS",
    "failed": "What would have changed in CERS",
}


def _told(run: ScheduledRun, extract: Extract | None, result: UploadResult | None) -> tuple[str, str, str]:
    """The headline, the sentence below it, and what to do."""
    made = extract is not None and extract.state == "done"
    if run.outcome == "missed":
        return (
            "The scheduled process did not run",
            "No file was created and nothing was sent to CERS.",
            "If you want the file now, use Run now on the Scheduled Process page.",
        )
    if run.outcome == "stopped":
        return _stopped(result)
    if run.outcome == "failed" and not made:
        return "No student groups file was created", "Nothing was sent to CERS; it still holds what it held before.", ""
    if run.outcome == "failed":
        return (
            "The student groups file was not uploaded",
            "The file was created, but CERS did not accept it, or not all of it.",
            "",
        )
    if result is not None and result.upload.state == "accepted":
        return "CERS has accepted the student groups", "The file was created and sent.", ""
    if result is not None:
        return "The student groups are in CERS", "The file was created and sent, and CERS has processed it.", ""
    return (
        "The student groups file is ready",
        "The file was created and checked. It was not sent to CERS: the scheduled process does not upload it.",
        "Open the extract and choose Upload by hand. It shows what changes in CERS, gives the files for CERS’s "
        "own page (one that empties groups which are gone may be among them), and remembers that you did.",
    )


def _stopped(result: UploadResult | None) -> tuple[str, str, str]:
    if result is not None and result.upload.state == "stopped":
        return (
            "Nothing was sent to CERS: profiles contradict each other",
            "The student groups file was created. It was not sent, as it would overwrite groups of another profile.",
            "Then use Run now on the Scheduled Process page.",
        )
    return (
        "Nothing was sent to CERS: please review it first",
        "The student groups file was created. It was not sent because a person must look at it first.",
        "An admin should open the upload and review what would change. If it is right, choose Yes, upload to CERS "
        "there; if not, correct the roster or the profiles and use Run now.",
    )


def _built(extract: Extract | None) -> tuple[tuple[str, int], ...]:
    if extract is None or extract.state != "done":
        return ()
    return (
        ("Files", len(extract.files)),
        ("Student groups", extract.groups),
        ("Students", extract.students),
        ("Users", extract.users),
        ("Records", extract.records),
    )


def _extract_before(run: ScheduledRun) -> Extract | None:
    """That of the last run before this one that made a file."""
    made = Extract.objects.filter(run__lea_id=run.lea_id, run_id__lt=run.pk, state="done")
    return made.order_by("-run_id").first()


def _new_findings(extract: Extract | None, before: Extract | None) -> tuple[NewFinding, ...]:
    """Warnings first."""
    if extract is None:
        return ()
    counts = {row.code: row.count for row in before.findings.all()} if before else {}
    new = [NewFinding(row.finding, counts.get(row.code, 0)) for row in extract.findings.all()]
    more = [found for found in new if found.finding.count > found.before]
    return tuple(sorted(more, key=lambda found: (found.finding.severity != "warning", found.finding.code)))


def _missed_before(run: ScheduledRun) -> Iterator[str]:
    """The runs that nothing ran for since people were last told of one; oldest first."""
    earlier = ScheduledRun.objects.filter(lea_id=run.lea_id, due_at__lt=run.due_at)
    told = earlier.exclude(state="missed", told=[]).order_by("-due_at").first()
    missed = earlier.filter(state="missed", told=[])
    if told is not None:
        missed = missed.filter(due_at__gt=told.due_at)
    return (_meant(one) for one in missed.order_by("due_at"))


def _how(run: ScheduledRun) -> str:
    if run.by_hand:
        return f"Run by hand by {run.started_by}"
    if run.outcome != "missed" and run.late >= _LATE:
        return f"Ran late, on {_moment(run.created_at)}, because nothing was running at the scheduled time"
    return ""


def _meant(run: ScheduledRun) -> str:
    """The local date and time that were meant, even if the clock skipped them."""
    return date_format(datetime.fromisoformat(run.occurrence), _FORMAT)


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), _FORMAT)


_FORMAT = "l, F j, Y, g:i A"


def _url(name: str, *args: int) -> str:
    return f"{settings.URL}{reverse(name, args=args)}"
