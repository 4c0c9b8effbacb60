"""Uploads: asking for one, agreeing to what it takes away, doing it by hand, and reading what became of it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note, note_system
from cersgroups.actions.enqueue import enqueue_run, enqueue_upload
from cersgroups.actions.extract import check_enabled, find_extract
from cersgroups.actions.overlap import shared_groups
from cersgroups.actions.retention import tell_removed
from cersgroups.core.error import NotThere, RequestStop, StateConflict
from cersgroups.core.permission import SYSTEM, Actor, DeedName, check_can, user_can
from cersgroups.core.roster import year_name
from cersgroups.engine.retirement import GROUPS_CSV
from cersgroups.records.extract import Extract
from cersgroups.records.lea import Lea
from cersgroups.records.profile import Profile
from cersgroups.records.stored_folder import fetched
from cersgroups.records.upload import Upload

DIFFERENCE_FILE = "difference.csv"
GONE_OUT = Q(parts__sent_at__isnull=False) | Q(state="recording")
"""Of an upload: CERS has got something of it, or may have."""


def visible_uploads(actor: Actor) -> "QuerySet[Upload]":
    """Those that the actor may see, newest first; read it in the LEA's scope. The same rule as for extracts."""
    check_can(actor, "see_upload")
    uploads = Upload.objects.filter(lea_id=actor.lea_id).select_related("extract", "created_by", "agreed_by")
    if actor.level == "admin":
        return uploads
    if actor.school_ids is not None:
        own = sorted(actor.school_ids)
        uploads = uploads.filter(extract__school_ids__contained_by=own, more_school_ids__contained_by=own)
    return uploads if actor.level == "viewer" else uploads.filter(extract__created_by_id=actor.person_id)


def find_upload(actor: Actor, upload_id: int, deed: DeedName = "see_upload", *, lock: bool = False) -> Upload:
    """The upload, for this deed; in the LEA's scope. Raises NotThere or PermissionRefused."""
    uploads = Upload.objects.select_related("extract")
    uploads = uploads.select_for_update(of=("self",)) if lock else uploads
    upload = uploads.filter(pk=upload_id, lea_id=actor.lea_id).first()
    if upload is None or (upload.extract is None and actor.school_ids is not None):
        raise NotThere(f"There is no upload {upload_id}. Go back to the list of uploads.")
    if upload.extract is None:
        check_can(actor, "retire_groups" if deed == "upload_extract" else deed, owner_id=SYSTEM)
    else:
        owner = upload.extract.created_by_id or SYSTEM
        check_can(actor, deed, owner_id=owner, school_ids=[*upload.extract.school_ids, *upload.more_school_ids])
    return upload


def can_upload(actor: Actor, extract: Extract) -> bool:
    """Whether the actor may have this extract uploaded, or do it by hand, and its files are there."""
    owner_id = extract.created_by_id or SYSTEM
    allowed = user_can(actor, "upload_extract", owner_id=owner_id, school_ids=extract.school_ids)
    return allowed and extract.files_removed_at is None


def create_upload(actor: Actor, extract_id: int, *, by_hand: bool = False, look_first: bool = True) -> Upload:
    """Have the extract uploaded. `look_first`: it waits until a person has seen the difference and says yes.

    Raises RequestStop for an extract without a file, and unless uploads are switched on for the LEA (or `by_hand`).
    """
    with acting(actor):
        extract = find_extract(actor, extract_id, "upload_extract")
        if not by_hand:
            check_enabled(actor.lea_id)
        upload = _create(extract, by_hand=by_hand, look_first=look_first, created_by_id=actor.person_id)
        note(actor, "create upload", _thing(upload), extract=extract.pk, by_hand=by_hand)
        return upload


def create_upload_of_system(extract: Extract) -> Upload:
    """Have the extract uploaded without anybody looking on; in a transaction in the LEA's scope.

    Raises RequestStop as `create_upload` does.
    """
    check_enabled(extract.lea_id)
    upload = _create(extract, by_hand=False, look_first=False, created_by_id=extract.created_by_id)
    note_system(extract.lea_id, "create upload", _thing(upload), extract=extract.pk)
    return upload


def retire_groups(actor: Actor, school_year: int | None = None) -> Upload:
    """Empty every group of the earlier `school_year`, or (None) those that only deleted profiles gave.

    It always waits until a person has seen which groups these are. By hand where uploads are switched off.
    Raises RequestStop for a school year that is not an earlier one.
    """
    with acting(actor):
        check_can(actor, "retire_groups")
        lea = Lea.objects.get(pk=actor.lea_id)
        if school_year is not None and (lea.school_year is None or school_year >= lea.school_year):
            raise RequestStop("Only groups of an earlier school year can be retired all at once. Choose such a year.")
        by_hand = not lea.uploads_enabled
        upload = Upload.objects.create(
            lea_id=lea.pk, retire_year=school_year, by_hand=by_hand, look_first=True, created_by_id=actor.person_id
        )
        enqueue_upload(lea.pk, upload.pk)
        note(actor, "retire groups", _thing(upload), school_year=school_year, by_hand=by_hand)
        return upload


def agree(actor: Actor, upload_id: int) -> Upload:
    """Say yes to what the upload takes away, as it was shown. If CERS holds something else by now, it asks again.

    Raises RequestStop if it does not wait for a yes, if a later upload went out meanwhile, or if uploads are off now.
    """
    return _go_on(actor, upload_id, "held", "queued", "agree to upload")


def cancel(actor: Actor, upload_id: int) -> Upload:
    """Do not send it. Raises RequestStop once it is being sent."""
    with acting(actor):
        upload = find_upload(actor, upload_id, "upload_extract", lock=True)
        if upload.state not in ("queued", "held", "ready"):
            raise StateConflict("This upload can no longer be cancelled. Load its page again.")
        upload.become("cancelled")
        upload.finished_at = timezone.now()
        upload.save()
        go_on_after(upload)
        note(actor, "cancel upload", _thing(upload))
        return upload


def mark_uploaded(actor: Actor, upload_id: int) -> Upload:
    """A person has uploaded all of its files on CERS's own page, and CERS accepted them: the ledger counts them.

    Raises RequestStop unless the upload is one by hand whose files are ready, or if a later upload went out meanwhile.
    """
    return _go_on(actor, upload_id, "ready", "recording", "mark upload as done by hand")


def download_upload_file(actor: Actor, upload_id: int, file_name: str) -> Path:
    """The path of one of its parts, or of its difference, to be sent to the actor. In the audit log.

    Raises NotThere for a file that is none of its own, or was removed.
    """
    with acting(actor):
        upload = find_upload(actor, upload_id, "upload_extract")
        _refuse_removed(upload)
        path = fetched(upload.folder, changes=True) / file_name
        own = {DIFFERENCE_FILE, *upload.parts.values_list("file", flat=True)}
        if file_name not in own or not path.is_file():
            raise NotThere(f"Upload {upload_id} has no file {file_name}. Go back to the upload.")
        note(actor, "download", _thing(upload), file=file_name)
        return path


def read_difference_rows(actor: Actor, upload_id: int, *, start: int = 0, limit: int = 100) -> list[dict[str, str]]:
    """Rows of the difference, as difference.csv has them. They name students, so it is in the audit log.

    Raises NotThere once the file was removed.
    """
    with acting(actor):
        upload = find_upload(actor, upload_id)
        _refuse_removed(upload)
        note(actor, "read difference", _thing(upload))
    path = fetched(upload.folder, changes=True) / DIFFERENCE_FILE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(islice(csv.DictReader(file), start, start + limit))


@dataclass(frozen=True)
class RetiredGroup:
    """A group that the upload empties, with how many it holds, and why it goes."""

    school: str
    name: str
    students: int
    users: int
    why: str


def read_retired_groups(actor: Actor, upload_id: int, limit: int) -> list[RetiredGroup]:
    """The first groups that this upload empties, by school and name; none once its files were removed."""
    with acting(actor):
        upload = find_upload(actor, upload_id)
        names = dict(Profile.objects.filter(lea_id=actor.lea_id).values_list("pk", "name"))
    if upload.files_removed_at is not None:
        return []
    path = fetched(upload.folder, changes=True) / GROUPS_CSV
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(islice(csv.DictReader(file), limit))
    return [
        RetiredGroup(row["school"], row["group"], int(row["students"]), int(row["users"]), _why(upload, row, names))
        for row in rows
    ]


def _why(upload: Upload, row: dict[str, str], names: dict[int, str]) -> str:
    if upload.retire_year is not None:
        return f"It is of school year {year_name(upload.retire_year)}."
    gave = [names[int(number)] for number in row["profiles"].split("|") if int(number or 0) in names]
    if not gave:
        return "The profile that gave it is deleted."
    return f"{' and '.join(f'“{name}”' for name in gave)} {'gives' if len(gave) == 1 else 'give'} it no longer."


def go_on_after(upload: Upload) -> None:
    """The run of the scheduled process that waits for this upload, if any; in the transaction of the new state."""
    if upload.extract is not None and upload.extract.run_id is not None:
        enqueue_run(upload.lea_id, upload.extract.run_id)


def upload_batch(extracts: Sequence[Extract]) -> None:
    """Upload the finished ones among the extracts of one request, in order; or none, and say why in each (E1)."""
    wanted = [extract for extract in extracts if extract.state == "done"]
    fault = _shared(wanted)
    for extract in wanted:
        if not fault:
            try:
                create_upload_of_system(extract)
                continue
            except RequestStop as stop:
                fault = f"Not uploaded: {stop}"
        extract.upload_fault = fault
        extract.save(update_fields=["upload_fault"])


def _create(extract: Extract, *, by_hand: bool, look_first: bool, created_by_id: int | None) -> Upload:
    if extract.state != "done":
        raise StateConflict("This extract has no file to upload. Make a new one.")
    if removed := tell_removed(extract):
        raise StateConflict(f"{removed} Make a new extract to upload.")
    upload = Upload.objects.create(
        lea_id=extract.lea_id, extract=extract, by_hand=by_hand, look_first=look_first, created_by_id=created_by_id
    )
    enqueue_upload(extract.lea_id, upload.pk)
    return upload


def _refuse_removed(upload: Upload) -> None:
    if removed := tell_removed(upload):
        raise NotThere(removed)


def _go_on(actor: Actor, upload_id: int, waits: str, becomes: str, deed: str) -> Upload:
    """A person has done what the upload waited for: it goes on, in its turn."""
    with acting(actor):
        upload = find_upload(actor, upload_id, "upload_extract", lock=True)
        if upload.state != waits:
            raise StateConflict("This upload is no longer waiting for that. Load its page again.")
        _refuse_out_of_order(upload)
        if becomes == "queued":
            check_enabled(actor.lea_id)
        upload.become(becomes)
        upload.agreed_by_id, upload.agreed_at = actor.person_id, timezone.now()
        upload.save()
        # CERS has what was done by hand already
        enqueue_upload(actor.lea_id, upload.pk, first=becomes == "recording")
        note(actor, deed, _thing(upload))
        return upload


def _shared(extracts: Sequence[Extract]) -> str:
    shared = shared_groups(extracts)
    if not shared:
        return ""
    are = "1 group is" if len(shared) == 1 else f"{len(shared):,} groups are"
    return (
        f"Not uploaded: {are} in more than one of the files, for example {shared[0].name}. Each "
        f"file would overwrite the one before in CERS. Consolidate the profiles into one file."
    )


def why_overtaken(upload: Upload) -> str:
    """Why it may not go out any more: an older extract never goes over a newer one. Blank if it may."""
    later = Upload.objects.filter(GONE_OUT, lea_id=upload.lea_id, pk__gt=upload.pk).first()
    return f"A later upload ({later.created_at:%Y-%m-%d}) has gone out meanwhile." if later else ""


def _refuse_out_of_order(upload: Upload) -> None:
    why = why_overtaken(upload)
    if why:
        raise StateConflict(f"{why} Cancel this one, make a new extract.")


def _thing(upload: Upload) -> str:
    return f"upload {upload.pk}"
