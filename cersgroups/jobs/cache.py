"""What this machine holds of files that were removed elsewhere goes too, within the hour.

The clean-up of an LEA and `remove-lea` remove files where they run, and from the bucket. Each other machine that keeps
copies looks for itself, also when nothing is fetched there: every process of the web server and every worker does.
What killed programs left there goes as well (tidy.py): a machine without workers has no job that does it.
"""

import logging
import shutil
import threading
import time
from pathlib import Path

from django.db import close_old_connections, connection

from cersgroups.jobs.tidy import AGE, tidy
from cersgroups.records.extract import Extract
from cersgroups.records.folder import data_folder
from cersgroups.records.lea import RemovedLea
from cersgroups.records.ledger import Ledger
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import trim_cache
from cersgroups.records.upload import Upload

_log = logging.getLogger(__name__)

LOOK_SECONDS = 3600.0

_ROOMS = {"extracts": Extract, "uploads": Upload, "ledgers": Ledger, "snapshots": Snapshot, "received": Snapshot}


def keep_cache_small() -> None:
    """From now on, at once and every hour, until the process ends."""
    threading.Thread(target=look_again_and_again, args=(threading.Event(),), name="cache", daemon=True).start()


def look_again_and_again(stop: threading.Event) -> None:
    """Until `stop`."""
    while not stop.is_set():
        try:
            close_old_connections()
            look(time.time())
        except Exception as fault:  # the database or the disk is away: an hour later it may be there
            _log.warning("What was removed elsewhere could not be looked for: %s", type(fault).__name__)
        finally:
            connection.close()
        stop.wait(LOOK_SECONDS)


def look(now: float) -> None:
    """Remove from this machine what it should not hold any longer."""
    clear_cache(now)
    tidy(AGE)


def clear_cache(now: float) -> None:
    """Remove copies that nobody used for a week, those of removed files, and what is left of removed LEAs."""
    trim_cache(now)
    folders = {int(folder.name): folder for folder in data_folder().glob("leas/*") if folder.name.isdecimal()}
    for number in RemovedLea.objects.filter(number__in=folders).values_list("number", flat=True):
        shutil.rmtree(folders.pop(number), ignore_errors=True)
    for number, folder in folders.items():
        with lea_scope(number):
            _clear_lea(folder)


def _clear_lea(lea: Path) -> None:
    for room, model in _ROOMS.items():
        here = {int(folder.name): folder for folder in (lea / room).glob("*") if folder.name.isdecimal()}
        removed = model._default_manager.filter(pk__in=here).exclude(files_removed_at=None)
        for number in removed.values_list("pk", flat=True):
            shutil.rmtree(here[number], ignore_errors=True)
