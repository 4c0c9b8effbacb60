"""`cersgroups sync --lea`: asks the installation's worker for a sync or a test, and waits for the end of it."""

import argparse
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cersgroups.cli.application import application
from cersgroups.cli.progress import progress_bar, tell
from cersgroups.cli.sync import tell_checks, tell_result
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.sources.live import Check

if TYPE_CHECKING:
    from cersgroups.records.snapshot import Snapshot

_LOOK = 1.0
"""Seconds between two looks at the record."""


def sync_lea(args: argparse.Namespace, *, work: Callable[[], None] = lambda: time.sleep(_LOOK)) -> int:
    """Have it done, by whichever worker is free; `work` passes the time. Exit status 0 only if the roster is in use."""
    with application():
        from cersgroups.records.scope import lea_scope

        with lea_scope(_lea_id(args.lea)):
            return _test(args, work) if args.check else _sync(args, work)


def _lea_id(code: str) -> int:
    """LEAs are found by the table `due`: each with a live source is in it. A code counts before a number."""
    from cersgroups.records.due import Due
    from cersgroups.records.lea import Lea
    from cersgroups.records.scope import lea_scope

    numbers = {str(lea_id): int(lea_id) for lea_id in Due.objects.filter(what="sync").values_list("lea_id", flat=True)}
    for lea_id in numbers.values():
        with lea_scope(lea_id):
            if code in Lea.objects.filter(pk=lea_id).values_list("lea_code", "name").get():
                return lea_id
    if code in numbers:
        return numbers[code]
    raise RequestStop(
        f"{code}: no LEA with this code, name or number has a source here (`cersgroups leas` lists them). "
        f"An admin connects one under Roster, or `cersgroups save-source` does."
    )


def _sync(args: argparse.Namespace, work: Callable[[], None]) -> int:
    from django.db import transaction

    from cersgroups.actions.sync import sync_by_command
    from cersgroups.records.lea import Lea
    from cersgroups.records.snapshot import Snapshot

    lea = Lea.objects.get()
    with transaction.atomic():
        sync = sync_by_command(lea.pk, args.source or "")
    if args.no_wait:
        tell(f"The worker has been asked for the roster of {lea.name} from {sync.file_name}.")
        return 0
    with progress_bar() as progress:
        while sync.waiting:
            progress(sync.message or "waiting for a worker", sync.progress)
            work()
            sync = Snapshot.objects.get(pk=sync.pk)
    _tell(sync, args.json)
    return 0


def _tell(sync: "Snapshot", as_json: bool) -> None:
    result = {
        "state": sync.state,
        "why": sync.why,
        "stops": sync.stops,
        "tables": sync.counts,
        "school_year": sync.school_year,
    }
    if as_json or sync.state == "ready":
        tell_result(result, as_json, f"The roster from {sync.file_name} is in use.")
    if sync.state == "held":
        raise DataStop(f"The roster was fetched and is waiting for approval. {' '.join(sync.stops)}")
    if sync.state == "failed":
        raise DataStop(sync.why)


def _test(args: argparse.Namespace, work: Callable[[], None]) -> int:
    from django.db import transaction

    from cersgroups.actions.source import check_by_command
    from cersgroups.records.lea import Lea
    from cersgroups.records.source import Source

    with transaction.atomic():
        source = check_by_command(Lea.objects.get().pk, args.source or "")
    with progress_bar() as progress:
        while source.being_checked:
            progress("testing the connection", 0.5)
            work()
            source = Source.objects.get(pk=source.pk)
    return tell_checks([Check(**one) for one in source.checks], args.json)
