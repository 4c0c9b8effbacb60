"""Preparing an upload: what it changes in CERS, whether a person must say yes, and the files that are to be sent."""

from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from cersgroups.actions.audit import note_system
from cersgroups.actions.extract import groups_of
from cersgroups.actions.ledger import open_ledger
from cersgroups.actions.snapshot import open_stored
from cersgroups.actions.upload import GONE_OUT, go_on_after
from cersgroups.cers.acceptance import check_files
from cersgroups.core.error import DataStop
from cersgroups.core.safety import safety_stops, school_stops
from cersgroups.engine.difference import Conflict, Difference, Sent, compare
from cersgroups.engine.retirement import Retirement
from cersgroups.jobs.upload_file import part_files, schools_in
from cersgroups.jobs.workspace import workspace
from cersgroups.records.extract import Extract
from cersgroups.records.lea import Lea
from cersgroups.records.ledger import Ledger, current_ledger
from cersgroups.records.membership import Membership
from cersgroups.records.profile import Profile
from cersgroups.records.school import School
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
        more_schools = _more_schools(record, difference.retired_file)
        Upload.objects.filter(pk=record.pk).update(more_school_ids=more_schools)
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
    retirement = Retirement(year, profile_ids, existing, schools=_only_at(record, extract))
    return compare(held, sent, retirement, open_stored(extract.snapshot.folder), aside)


def _only_at(record: Upload, extract: Extract) -> list[str] | None:
    """CDS codes, if somebody who is limited to some schools made it or has it sent: others' groups are not theirs."""
    people = [person for person in (record.created_by_id, extract.created_by_id) if person]
    if not Membership.objects.filter(lea_id=record.lea_id, person__in=people, school_ids__isnull=False).exists():
        return None
    return list(
        School.objects.filter(lea_id=record.lea_id, school_id__in=extract.school_ids).values_list("cds_code", flat=True)
    )


def _more_schools(record: Upload, retired: Path | None) -> list[str]:
    """Those of the groups that are emptied, beyond the extract's: who may not see them may not see this upload."""
    if retired is None or record.extract is None:
        return []
    numbers = dict(School.objects.filter(lea_id=record.lea_id).values_list("cds_code", "school_id"))
    return sorted({numbers.get(cds, cds) for cds in schools_in(retired)} - set(record.extract.school_ids))


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
        record.stops = [
            *safety_stops(record.figures, lea.safety_percent),
            *school_stops(_emptied(record, difference), lea.safety_percent),
            *_older(record),
        ]
        if difference.conflict_count:
            record.why = _conflict_sentence(difference)
        record.become(_next_state(record, difference, agreed=agreed))
        record.save()
        if not record.waiting:
            go_on_after(record)
            note_system(record.lea_id, f"upload {record.state}", f"upload {record.pk}")


def _emptied(record: Upload, difference: Difference) -> dict[str, int]:
    """By the school's name, how many groups of it go while none of it is sent; not if that was what was asked for."""
    if record.extract is None:
        return {}
    names = dict(School.objects.filter(lea_id=record.lea_id).values_list("cds_code", "name"))
    return {names.get(cds, cds): count for cds, count in difference.emptied_schools}


def _older(record: Upload) -> Iterator[str]:
    """A sentence if a file that was made later, of a profile of this one, has gone out, and this one would undo it."""
    changes = any(record.figures[f"groups_{what}"] for what in ("new", "changed", "retired"))
    if record.extract is None or not changes:
        return
    profiles = record.extract.profiles.exclude(profile=None).values("profile")
    later = Upload.objects.filter(
        GONE_OUT, lea_id=record.lea_id, extract__gt=record.extract_id, extract__profiles__profile__in=profiles
    ).first()
    if later is not None and later.extract is not None:
        made, newer = (
            when.astimezone(record.lea.zone) for when in (record.extract.created_at, later.extract.created_at)
        )
        yield (
            f"This file was created on {made:%Y-%m-%d at %H:%M}, and one created later, on {newer:%Y-%m-%d at %H:%M}, "
            f"has been sent already: what changed in between would be undone."
        )


def _next_state(record: Upload, difference: Difference, *, agreed: bool) -> str:
    if difference.conflict_count:
        return "stopped"
    if record.by_hand:
        return "ready"
    return "held" if (record.stops or record.look_first) and not agreed else "sending"


def _conflict_sentence(difference: Difference) -> str:
    first, count = difference.conflicts[0], difference.conflict_count
    come = "1 group in CERS comes" if count == 1 else f"{count:,} groups in CERS come"
    return (
        f"Nothing was sent: {come} from another profile and would be overwritten with something else, first "
        f"{first.name} of school {first.school}, which {_other(first)}. "
        f"Change one of the profiles so that the names differ, or delete the other profile."
    )


def _other(conflict: Conflict) -> str:
    names = list(Profile.objects.filter(pk__in=conflict.profiles).values_list("name", flat=True))
    what = "with another subject" if conflict.other_subject else "for somebody or something else"
    return f"{' and '.join(f'“{name}”' for name in names)} gave {what}"
