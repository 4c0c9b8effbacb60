"""Extracts: making them of profiles, reading their findings, downloading them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note, note_system
from cersgroups.actions.enqueue import enqueue_build
from cersgroups.actions.profile import find_profile
from cersgroups.actions.retention import tell_removed
from cersgroups.actions.snapshot import current_record
from cersgroups.core.error import NotThere, RequestStop, StateConflict
from cersgroups.core.finding import Finding
from cersgroups.core.permission import SYSTEM, Actor, DeedName, check_can, user_can
from cersgroups.core.roster import year_name
from cersgroups.engine.finding_file import read_finding_file
from cersgroups.engine.student_group import GROUPS_FILE
from cersgroups.records.extract import Extract, ExtractProfile
from cersgroups.records.lea import Lea
from cersgroups.records.profile import Profile
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import fetched

FINDINGS_FILE = "findings.csv"

UPLOADS_OFF = "Uploads to CERS are switched off for this LEA. An admin switches them on under Settings."


def visible_extracts(actor: Actor) -> "QuerySet[Extract]":
    """Those whose findings the actor may read, newest first; read it in the LEA's scope.

    An admin all, a viewer all within their schools, others those they made.
    """
    extracts = Extract.objects.filter(lea_id=actor.lea_id).select_related("created_by", "snapshot")
    if actor.level == "admin":
        return extracts
    if actor.school_ids is not None:
        extracts = extracts.filter(school_ids__contained_by=sorted(actor.school_ids))
    return extracts if actor.level == "viewer" else extracts.filter(created_by_id=actor.person_id)


def find_extract(actor: Actor, extract_id: int, deed: DeedName = "read_findings") -> Extract:
    """The extract, for this deed; in the LEA's scope. Raises NotThere or PermissionRefused."""
    extract = Extract.objects.filter(pk=extract_id, lea_id=actor.lea_id).first()
    if extract is None:
        raise NotThere(f"There is no extract {extract_id}. Go back to the list of extracted files.")
    check_can(actor, deed, owner_id=extract.created_by_id or SYSTEM, school_ids=extract.school_ids)
    return extract


def create_extracts(
    actor: Actor,
    profile_ids: Sequence[int],
    *,
    consolidate: bool = False,
    as_of: date | None = None,
    upload: bool = False,
) -> list[Extract]:
    """Have one extract made of each profile, or one of all of them; of the current roster, as of today or `as_of`.

    `upload`: they are uploaded once all of them are done. Raises RequestStop without a profile or a roster, for a
    profile of another school year, and for `upload` where uploads are switched off.
    """
    with acting(actor):
        check_can(actor, "make_extract")
        profiles = [find_profile(actor, profile_id, "make_extract") for profile_id in dict.fromkeys(profile_ids)]
        if not profiles:
            raise RequestStop("No profile is chosen. Choose at least one.")
        snapshot = current_record(actor)
        for profile in profiles:
            _check_year(profile, snapshot)
        if upload:
            check_can(actor, "upload_extract", owner_id=actor.person_id)
            check_enabled(actor.lea_id)
        day = as_of or Lea.objects.get(pk=actor.lea_id).today()
        bundles = [profiles] if consolidate else [[profile] for profile in profiles]
        extracts = [_create(actor, snapshot, bundle, day) for bundle in bundles]
        ids = [extract.pk for extract in extracts]
        Extract.objects.filter(pk__in=ids).update(batch=ids[0], upload_wanted=upload)
        return extracts


def download_extract(actor: Actor, extract_id: int, file_name: str) -> Path:
    """The path of one of its files, or of its findings, to be sent to the actor. In the audit log.

    Raises NotThere for a file that is none of its own, or was removed.
    """
    with acting(actor):
        extract = find_extract(actor, extract_id, "download_extract")
        _refuse_removed(extract)
        path = fetched(extract.folder) / file_name
        if file_name not in (*extract.files, FINDINGS_FILE) or not path.is_file():
            raise NotThere(f"Extract {extract_id} has no file {file_name}. Go back to the list of extracted files.")
        note(actor, "download", _thing(extract), file=file_name)
        return path


def extract_findings(actor: Actor, extract_id: int) -> list[Finding]:
    """What was left out or changed, by code, warnings first; counts only. In the LEA's scope."""
    extract = find_extract(actor, extract_id)
    return sorted((row.finding for row in extract.findings.all()), key=lambda f: (f.severity != "warning", f.code))


def read_finding_rows(
    actor: Actor, extract_id: int, code: str, *, start: int = 0, limit: int = 100
) -> list[dict[str, str]]:
    """Rows behind one finding, as findings.csv has them. They name students, so it is in the audit log.

    Raises NotThere once the file was removed.
    """
    with acting(actor):
        extract = find_extract(actor, extract_id)
        _refuse_removed(extract)
        note(actor, "read finding", _thing(extract), code=code)
    path = fetched(extract.folder) / FINDINGS_FILE
    if not path.is_file():
        return []
    return read_finding_file(path, code, start, limit)


def groups_of(extract: Extract) -> tuple[Path, list[int]]:
    """What its build said of its groups, and the ids of its profiles by place; 0 for one that is deleted."""
    return fetched(extract.folder) / GROUPS_FILE, [profile.profile_id or 0 for profile in extract.profiles.all()]


def check_enabled(lea_id: int) -> None:
    """Raises StateConflict unless uploads are switched on for the LEA (features F2)."""
    if not Lea.objects.get(pk=lea_id).uploads_enabled:
        raise StateConflict(UPLOADS_OFF)


def can_download(actor: Actor, extract: Extract) -> bool:
    """Whether `download_extract` would be allowed, and the files are there."""
    owner_id = extract.created_by_id or SYSTEM
    allowed = user_can(actor, "download_extract", owner_id=owner_id, school_ids=extract.school_ids)
    return allowed and extract.files_removed_at is None


def _refuse_removed(extract: Extract) -> None:
    if removed := tell_removed(extract):
        raise NotThere(removed)


def _check_year(profile: Profile, snapshot: Snapshot) -> None:
    if profile.school_year != snapshot.school_year:
        raise StateConflict(
            f"{profile.name}: is of school year {year_name(profile.school_year)}, but the roster is of "
            f"{year_name(snapshot.school_year or 0)}. Roll the profile forward, or make the roster of its year current."
        )


def _create(actor: Actor, snapshot: Snapshot, profiles: Sequence[Profile], as_of: date) -> Extract:
    extract = _store(actor.lea_id, snapshot, profiles, as_of, created_by_id=actor.person_id)
    note(actor, "create extract", _thing(extract), profiles=[profile.pk for profile in profiles])
    return extract


def create_extract_of_run(run: ScheduledRun, snapshot: Snapshot, profiles: Sequence[Profile], as_of: date) -> Extract:
    """One extract of all these profiles, nobody's own; in the transaction in which the run says that it is building."""
    extract = _store(run.lea_id, snapshot, profiles, as_of, run=run)
    note_system(run.lea_id, "create extract", _thing(extract), profiles=[profile.pk for profile in profiles])
    return extract


def _store(lea_id: int, snapshot: Snapshot, profiles: Sequence[Profile], as_of: date, **more: Any) -> Extract:
    extract = Extract.objects.create(
        lea_id=lea_id,
        snapshot=snapshot,
        name=profiles[0].name if len(profiles) == 1 else "consolidated",
        as_of=as_of,
        consolidated=len(profiles) > 1,
        school_ids=sorted({school for profile in profiles for school in profile.school_ids}),
        **more,
    )
    ExtractProfile.objects.bulk_create(
        ExtractProfile(lea_id=lea_id, extract=extract, profile=p, name=p.name, content=p.content, version=p.version)
        for p in profiles
    )
    enqueue_build(lea_id, extract.pk, students=snapshot.counts.get("students", 0))
    return extract


def _thing(extract: Extract) -> str:
    return f"extract {extract.pk}"
