"""Syncs of a live source by the worker: what their tests share."""

from cersgroups.actions.sync import sync_now
from cersgroups.jobs.worker import run_worker
from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from tests.people import People


def source_of(folk: People, kind: str) -> Source:
    with lea_scope(folk.lea_id):
        return Source.objects.get(kind=kind)


def synced_from(folk: People, source: Source) -> Snapshot:
    """The sync that Ada asks for, after the worker."""
    sync = sync_now(folk.ada, source.pk)
    run_worker(wait=False)
    return record(folk, sync.pk)


def record(folk: People, pk: int) -> Snapshot:
    with lea_scope(folk.lea_id):
        return Snapshot.objects.get(pk=pk)


def current(folk: People) -> int | None:
    with lea_scope(folk.lea_id):
        return Lea.objects.get().current_snapshot_id
