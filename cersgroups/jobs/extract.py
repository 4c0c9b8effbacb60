"""The job that builds an extract. May run twice, or again from the start after a crash."""

from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from cersgroups.actions.audit import note_system
from cersgroups.actions.enqueue import BUILD_EXTRACT, enqueue_run
from cersgroups.actions.figure import FIGURES_FILE
from cersgroups.actions.snapshot import open_stored
from cersgroups.actions.upload import upload_batch
from cersgroups.cers.acceptance import checking
from cersgroups.core.error import Stop
from cersgroups.core.profile import Profile as Meaning
from cersgroups.core.state import is_waiting
from cersgroups.engine import extract as engine
from cersgroups.engine.figure import count_figures
from cersgroups.engine.snapshot import Snapshot
from cersgroups.engine.store import sync
from cersgroups.engine.student_group import GROUPS_FILE
from cersgroups.jobs.failure import sentence
from cersgroups.jobs.progress import Progress
from cersgroups.jobs.retry import GIVEN_UP, RETRY, attempt, is_hopeless
from cersgroups.jobs.workspace import workspace
from cersgroups.records.extract import Extract, ExtractFinding
from cersgroups.records.lea import Lea
from cersgroups.records.profile import Profile
from cersgroups.records.scope import lea_scope
from cersgroups.records.stored_folder import publish


@app.task(name=BUILD_EXTRACT, retry=RETRY, pass_context=True)
def build(context: JobContext, lea_id: int, extract_id: int) -> None:
    """Build this extract, unless it is done."""
    with lea_scope(lea_id):
        record = _take(extract_id)
        if record is None:
            return
        if is_hopeless(context):
            _fail(record, GIVEN_UP)
            return
        with attempt(context, partial(_fail, record)), workspace(record.folder) as aside:
            try:
                built = _build(record, aside)
            except Stop as stop:
                _fail(record, sentence(stop, aside, record.snapshot.folder.parent))
            else:
                _finish(record, built, aside)


def _take(extract_id: int) -> Extract | None:
    with transaction.atomic():
        record = Extract.objects.select_for_update().filter(pk=extract_id).first()
        if record is None or not is_waiting("extract", record.state):
            return None
        record.become("building")
        record.save(update_fields=["state"])
        return record


def _build(record: Extract, aside: Path) -> engine.Extract:
    snapshot = open_stored(record.snapshot.folder)
    with checking(snapshot.school_year) as check:
        progress = Progress(record)
        built = engine.build(snapshot, _profiles(record), record.as_of, aside, progress, check)
        progress("counting figures", 0.9)
    for file in (*built.files, built.findings_file, *_write_figures(record, built, snapshot)):
        sync(file)
    return built


def _write_figures(record: Extract, built: engine.Extract, snapshot: Snapshot) -> list[Path]:
    """What the extract's page shows, and what the build says of its groups; nothing if there is no group."""
    if not built.files:
        return []
    folder = built.findings_file.parent
    figures = count_figures(snapshot, built.files, record.school_ids, record.as_of, folder)
    (folder / FIGURES_FILE).write_text(figures.as_text(), encoding="utf-8")
    return [folder / FIGURES_FILE, folder / GROUPS_FILE]


def _profiles(record: Extract) -> list[Meaning]:
    """The profiles as they were when the extract was asked for, in the LEA's style of names."""
    lea = Lea.objects.get(pk=record.lea_id)
    return [lea.styled(profile.meaning()) for profile in record.profiles.all()]


def _finish(record: Extract, built: engine.Extract, aside: Path) -> None:
    """Put the files in their place and say so in the record, unless another run was quicker."""
    with transaction.atomic():
        record = Extract.objects.select_for_update().get(pk=record.pk)
        if record.state != "building":
            return
        publish(aside, record.folder)
        record.become("done" if built.files else "failed")
        record.progress, record.message, record.why = 1, "", built.why
        record.files = [file.name for file in built.files]
        record.records, record.groups = built.records, built.groups
        record.students, record.users = built.students, built.users
        ExtractFinding.objects.bulk_create(
            ExtractFinding(lea_id=record.lea_id, extract=record, code=finding.code, count=finding.count)
            for finding in built.findings
        )
        _close(record, built.why or f"{amount(built.groups, 'group')}, {amount(built.students, 'student')}")


def amount(number: int, noun: str) -> str:
    """`1 group`, `1,200 groups`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _fail(record: Extract, why: str) -> None:
    with transaction.atomic():
        record = Extract.objects.select_for_update().get(pk=record.pk)
        if record.state == "building":
            record.become("failed")
            record.why, record.message = why, ""
            _close(record, why)


def _close(record: Extract, result: str) -> None:
    """The record's end, its result in the profiles' list, an audit entry; the upload, if wanted; its run goes on."""
    record.finished_at = timezone.now()
    record.save()
    used = record.profiles.values("profile_id")
    told = _beside_others(record) + result
    Profile.objects.filter(pk__in=used).update(last_result=told[:1000], last_result_at=record.finished_at)
    note_system(record.lea_id, f"extract {record.state}", f"extract {record.pk}", groups=record.groups)
    if record.run_id is not None:
        enqueue_run(record.lea_id, record.run_id)
    if record.upload_wanted:
        _upload_with_its_batch(record)


def _beside_others(record: Extract) -> str:
    """How the result of a file of several profiles begins at each: its counts are not those of one of them."""
    others = record.profiles.count() - 1
    return f"In one file with {others:,} other{'' if others == 1 else 's'}: " if others > 0 else ""


def _upload_with_its_batch(record: Extract) -> None:
    """Only once all that were asked for together are there is it known whether they name the same groups."""
    batch = list(Extract.objects.select_for_update().filter(batch=record.batch).order_by("id"))
    if not any(extract.waiting for extract in batch):
        upload_batch(batch)
