"""Preparing an upload: what it changes in CERS, whether a person must say yes, and the files that are to be sent."""

from pathlib import Path

from django.db import transaction

from cersgroups.actions.extract import groups_of
from cersgroups.actions.ledger import open_ledger
from cersgroups.actions.snapshot import open_stored
from cersgroups.actions.upload import go_on_after
from cersgroups.cers.acceptance import check_files
from cersgroups.core.error import DataStop
from cersgroups.core.safety import safety_stops
from cersgroups.engine.difference import Conflict, Difference, Sent, compare
from cersgroups.engine.retirement import Retirement
from cersgroups.jobs.upload_file import part_files
from cersgroups.jobs.workspace import workspace
from cersgroups.records.lea import Lea
from cersgroups.records.ledger import Ledger, current_ledger
from cersgroups.records.profile import Profile
from cersgroups.records.stored_folder import fetched, publish
from cersgroups.records.upload import Upload, UploadPart


def prepare(record: Upload) -> None:
    """Compare the upload with the ledger, write its files, and take it to its next state.

    Raises DataStop if there is nothing to send, or no credential to send it with.
    """
    lea = Lea.objects.select_related("current_snapshot").get(pk=record.lea_id)
    ledger = current_ledger(lea.pk)
    with workspace(record.folder) as aside:
        difference = _compare(record, lea, ledger, aside)
        parts = part_files(record, difference.retired_file, aside)
        if not parts:
            raise DataStop("There is nothing to send: no group is left to be emptied.")
        check_files([part.path for part in parts], _school_year(record, lea))
        rows = [part.as_record(record, number) for number, part in enumerate(parts, start=1)]
        _publish(record, lea, ledger, difference, rows, aside)


def _compare(record: Upload, lea: Lea, ledger: Ledger | None, aside: Path) -> Difference:
    held = open_ledger(ledger) if ledger else None
    year = _school_year(record, lea)
    existing = list(Profile.objects.values_list("pk", flat=True))
    extract = record.extract
    if extract is None:
        retirement = Retirement(year, (), existing, everything=record.retire_year is not None)
        snapshot = open_stored(lea.current_snapshot.folder) if lea.current_snapshot else None
        return compare(held, Sent(), retirement, snapshot, aside)
    groups, profile_ids = groups_of(extract)
    sent = Sent([fetched(extract.folder) / name for name in extract.files], groups, profile_ids)
    retirement = Retirement(year, profile_ids, existing)
    return compare(held, sent, retirement, open_stored(extract.snapshot.folder), aside)


def _school_year(record: Upload, lea: Lea) -> int:
    if record.extract is not None:
        return record.extract.snapshot.school_year or 0
    return record.retire_year or lea.school_year or 0


def _publish(
    record: Upload, lea: Lea, ledger: Ledger | None, difference: Difference, parts: list[UploadPart], aside: Path
) -> None:
    """Put the files in their place and say so in the record, unless another run was quicker."""
    with transaction.atomic():
        record = Upload.objects.select_for_update().get(pk=record.pk)
        if record.state != "preparing":
            return
        publish(aside, record.folder)
        record.parts.all().delete()
        UploadPart.objects.bulk_create(parts)
        agreed = record.agreed_at is not None and record.ledger_id == (ledger.pk if ledger else None)
        record.figures, record.ledger, record.why = difference.figures.as_json(), ledger, ""
        record.stops = safety_stops(record.figures, lea.safety_percent)
        if difference.conflict_count:
            record.why = _conflict_sentence(difference)
        record.become(_next_state(record, difference, agreed=agreed))
        record.save()
        if not record.waiting:
            go_on_after(record)


def _next_state(record: Upload, difference: Difference, *, agreed: bool) -> str:
    if difference.conflict_count:
        return "stopped"
    if record.by_hand:
        return "ready"
    return "held" if (record.stops or record.look_first) and not agreed else "sending"


def _conflict_sentence(difference: Difference) -> str:
    first = difference.conflicts[0]
    return (
        f"Nothing was sent: {difference.conflict_count:,} groups in CERS come from another profile and would be "
        f"overwritten with something else, first {first.name} of school {first.school}, which {_other(first)}. "
        f"Change one of the profiles so that the names differ, or delete the other profile."
    )


def _other(conflict: Conflict) -> str:
    names = list(Profile.objects.filter(pk__in=conflict.profiles).values_list("name", flat=True))
    what = "with another subject" if conflict.other_subject else "for somebody or something else"
    return f"{' and '.join(f'“{name}”' for name in names)} gave {what}"
