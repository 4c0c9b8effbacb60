"""What must hold once all has ended: python -m tests.fault.witness SANDBOX-URL ROUNDS prints what does not, as JSON."""

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

import httpx

from cersgroups.cli.application import application
from tests.fault.stage import account, cds_prefix


def main(url: str, rounds: int) -> None:
    with application():
        from cersgroups.records.due import Due
        from cersgroups.records.scope import lea_scope

        held = httpx.get(f"{url}/state.json", timeout=60).json()
        wrong = list(_jobs())
        leas = sorted(Due.objects.filter(what="scheduled_process").values_list("lea_id", flat=True))
        for number, lea_id in enumerate(leas, start=1):
            with lea_scope(lea_id):
                for check in (_runs(rounds), _files(), _ledger(lea_id, number, held), _order(number, held)):
                    wrong += [f"LEA {number}: {fault}" for fault in check]
        print(json.dumps([*wrong, *_leftovers()]))


def _jobs() -> Iterator[str]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from cersgroups.actions.enqueue import HEAVY, QUICK

    left = ProcrastinateJob.objects.filter(queue_name__in=(QUICK, HEAVY)).exclude(task_name="tell_of_waiting")
    for job in left:
        yield f"job {job.pk} {job.task_name} is {job.status}"


def _runs(rounds: int) -> Iterator[str]:
    """Every scheduled run has ended exactly once, with one extract and one upload."""
    from cersgroups.records.extract import Extract
    from cersgroups.records.scheduled_process import ScheduledRun
    from cersgroups.records.upload import Upload

    runs = list(ScheduledRun.objects.all())
    by_itself = sum(not run.by_hand for run in runs)
    if by_itself != rounds:
        yield f"{by_itself} runs instead of {rounds}"
    for run in runs:
        extracts = list(Extract.objects.filter(run=run))
        uploads = list(Upload.objects.filter(extract__in=extracts))
        states = (run.state, [e.state for e in extracts], [u.state for u in uploads])
        if states != ("done", ["done"], ["done"]):
            yield f"{run}: {states} {run.why} {run.mail_fault}"


def _files() -> Iterator[str]:
    """Whatever a record names is there, whole."""
    from cersgroups.actions.ledger import open_ledger
    from cersgroups.core.error import Stop
    from cersgroups.records.extract import Extract
    from cersgroups.records.ledger import Ledger
    from cersgroups.records.upload import UploadPart

    for extract in Extract.objects.all():
        rows = sum(len((extract.folder / name).read_bytes().splitlines()) - 1 for name in extract.files)
        if rows != extract.records:
            yield f"{extract}: {rows} rows instead of {extract.records}"
    for part in UploadPart.objects.all():
        digest = hashlib.md5(part.path.read_bytes(), usedforsecurity=False).hexdigest().upper()
        if digest != part.digest or part.state != "done":
            yield f"part {part.pk} ({part.state}): {digest} instead of {part.digest}"
    if Ledger.objects.count() != UploadPart.objects.count():
        yield f"{Ledger.objects.count()} ledgers after {UploadPart.objects.count()} parts"
    for ledger in Ledger.objects.all():
        try:
            open_ledger(ledger)
        except Stop as stop:
            yield str(stop)


def _ledger(lea_id: int, number: int, held: dict[str, Any]) -> Iterator[str]:
    """The receiver holds exactly what the ledger says, by name."""
    there = {
        (group["school"], group["name"].lower()): (sorted(group["members"]), sorted(map(str.lower, group["users"])))
        for group in held["groups"]
        if group["school"].startswith(cds_prefix(number)) and (group["members"] or group["users"])
    }
    here = _in_ledger(lea_id)
    for key in sorted(there.keys() | here.keys()):
        if there.get(key) != here.get(key):
            yield f"group {key}: CERS {there.get(key)}, ledger {here.get(key)}"


def _in_ledger(lea_id: int) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    from cersgroups.actions.ledger import open_ledger
    from cersgroups.engine.database import connect
    from cersgroups.engine.ledger import load_held
    from cersgroups.records.ledger import current_ledger

    record = current_ledger(lea_id)
    with connect() as connection:
        load_held(connection, open_ledger(record) if record else None)
        rows = connection.execute(
            """
            SELECT school, key,
                (SELECT coalesce(list_sort(list(ssid)), []) FROM held_student s WHERE s.number = h.number),
                (SELECT coalesce(list_sort(list(lower(login))), []) FROM held_user u WHERE u.number = h.number)
            FROM held h
            """
        ).fetchall()
    return {(school, key): (students, users) for school, key, students, users in rows if students or users}


def _order(number: int, held: dict[str, Any]) -> Iterator[str]:
    """The receiver got the parts one after the other, each as often as its answer was lost and never again later."""
    from cersgroups.records.upload import UploadPart

    got = [i["digest"] for i in reversed(held["imports"]) if i["creator"] == account(number)]
    sent = list(UploadPart.objects.order_by("upload_id", "number").values_list("digest", flat=True))
    if _once(got) != _once(sent):
        yield f"CERS got {_once(got)} instead of {_once(sent)}"


def _once(digests: list[str]) -> list[str]:
    return [digest for digest, _ in groupby(digests)]


def _leftovers() -> Iterator[str]:
    """After tidying nothing is there that nobody names; what is newer than every record may be."""
    from cersgroups.jobs.tidy import tidy
    from cersgroups.records.folder import data_folder

    before = len(list(data_folder().glob("leas/*/*/.*")))
    tidy(timedelta(0))
    for left in data_folder().glob("leas/*/*/.*"):
        yield f"{left.relative_to(data_folder())} stays, one of {before}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
