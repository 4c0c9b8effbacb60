"""The small district (tests/engine/roster_files.py) as a snapshot, as a record, and as files to upload."""

import io
import shutil
import zipfile
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction

from cersgroups.actions.snapshot import put_in_force
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.school import read_schools
from cersgroups.engine.snapshot import Snapshot, open_snapshot, write_snapshot
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot as Record
from tests.engine.roster_files import DISTRICT, write_roster


def small_snapshot(folder: Path, **changes: str) -> Snapshot:
    """The small district, with some tables replaced, as a snapshot in the folder."""
    roster = write_roster(folder / "roster", {**DISTRICT, **changes})
    return write_snapshot(RosterFolder(roster), folder / "snapshot", source="test")


def roster_zip(**changes: str) -> bytes:
    """The small district, with some tables replaced, as a zip of a roster folder."""
    packed = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(packed, "w") as archive:
        for file in sorted(write_roster(Path(folder), {**DISTRICT, **changes}).iterdir()):
            archive.write(file, file.name)
    return packed.getvalue()


def give_roster(lea_id: int, stored: Path, person_id: int | None = None) -> int:
    """Make the stored snapshot the LEA's current one; returns the id of its record."""
    snapshot = open_snapshot(stored)
    with lea_scope(lea_id), transaction.atomic():
        record = Record.objects.create(
            lea_id=lea_id,
            made_by_id=person_id,
            state="ready",
            lea_code=snapshot.lea_code,
            lea_name=snapshot.name,
            time_zone=snapshot.time_zone,
            school_year=snapshot.school_year,
            taken_at=snapshot.taken_at,
            counts=snapshot.counts,
            finding_counts=snapshot.finding_counts,
            schools=[asdict(school) for school in read_schools(snapshot)],
        )
        shutil.copytree(stored, record.folder)
        put_in_force(record)
        return record.pk
