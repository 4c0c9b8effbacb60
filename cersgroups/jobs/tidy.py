"""What killed programs left in the data folder goes: workspaces, and results that no record names.

Only what is old, in the folder of an LEA that the database knows, and whose number is below that of a later record: a
folder that is newer than a restored database is kept.
"""

import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app

from cersgroups.jobs.rescue import QUEUE
from cersgroups.jobs.workspace import remove_left
from cersgroups.records.extract import Extract
from cersgroups.records.folder import data_folder
from cersgroups.records.lea import Lea
from cersgroups.records.ledger import Ledger
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import discard
from cersgroups.records.upload import Upload

AGE = timedelta(days=1)

_ROOMS = {"extracts": Extract, "uploads": Upload, "ledgers": Ledger, "snapshots": Snapshot, "received": Snapshot}


@app.periodic(cron="17 * * * *", periodic_id="tidy")
@app.task(name="tidy", queue=QUEUE, queueing_lock="tidy", pass_context=False)
def tidy_every_hour(timestamp: int) -> None:  # noqa: ARG001 - every periodic task is told its time
    """What is older than a day."""
    tidy(AGE)


def tidy(age: timedelta) -> None:
    """Remove what is left over and older than `age`."""
    before = time.time() - age.total_seconds()
    for file in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        if _changed(file) < before:
            file.unlink(missing_ok=True)
    for folder in data_folder().glob("leas/[0-9]*"):
        with lea_scope(int(folder.name)):
            if Lea.objects.filter(pk=int(folder.name)).exists():
                _tidy_lea(folder, before)


def _tidy_lea(lea: Path, before: float) -> None:
    for name, model in _ROOMS.items():
        known = set(model._default_manager.values_list("pk", flat=True))
        for folder in (lea / name).glob("*"):
            if _changed(folder) >= before:
                continue
            if folder.name.startswith("."):
                remove_left(folder)
            elif folder.name.isdecimal() and int(folder.name) not in known and int(folder.name) < max(known, default=0):
                discard(folder)


def _changed(path: Path) -> float:
    """Seconds since the epoch; infinite if it is gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")
