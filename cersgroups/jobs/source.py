"""The job that tests the connection of a live source, from where its syncs run. May run twice."""

from dataclasses import asdict
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from cersgroups.actions.enqueue import CHECK_SOURCE
from cersgroups.actions.source import all_settings, kind_of
from cersgroups.core.error import Stop
from cersgroups.jobs.retry import GIVEN_UP, RETRY, attempt, is_hopeless
from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope
from cersgroups.records.source import Source
from cersgroups.sources.live import Check


@app.task(name=CHECK_SOURCE, retry=RETRY, pass_context=True)
def check(context: JobContext, lea_id: int, source_id: int) -> None:
    """Try every part that a sync of this source needs, if that is still wanted."""
    with lea_scope(lea_id):
        record = Source.objects.filter(pk=source_id).first()
        if record is None or not record.being_checked:
            return
        give_up = partial(_give_up, record)
        if is_hopeless(context):
            give_up(GIVEN_UP)
            return
        with attempt(context, give_up):
            _keep(record, [asdict(one) for one in _checks(record)])


def _checks(record: Source) -> list[Check]:
    kind = kind_of(record)
    if kind is None:
        return [Check("Kind of source", False, "This version of the software does not know it. Connect it anew.")]
    try:
        settings = kind.complete(all_settings(record))
        return kind.check(settings, Lea.objects.get(pk=record.lea_id).today())
    except Stop as stop:
        return [Check("Settings", False, str(stop))]


def _give_up(record: Source, why: str) -> None:
    _keep(record, [asdict(Check("Test", False, why))])


@transaction.atomic
def _keep(record: Source, checks: list[dict[str, Any]]) -> None:
    """Write what came of it, unless the settings were changed or another test was asked for meanwhile."""
    now = Source.objects.select_for_update().filter(pk=record.pk, check_wanted_at=record.check_wanted_at).first()
    if now is not None:
        now.checks, now.checked_at, now.check_wanted_at = checks, timezone.now(), None
        now.save(update_fields=["checks", "checked_at", "check_wanted_at"])
