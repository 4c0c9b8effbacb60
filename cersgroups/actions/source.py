"""Sources that the roster is fetched from: connecting, testing, removing them. Their secrets never come out again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note, note_system
from cersgroups.actions.enqueue import enqueue_check
from cersgroups.actions.outgoing import check_outgoing
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.schedule import DAY_NAMES
from cersgroups.core.storable import storable
from cersgroups.records.due import plan
from cersgroups.records.source import UPLOAD_KIND, Source
from cersgroups.sources.live import LiveKind
from cersgroups.sources.live_kind import LIVE_KINDS, live_kind

_LONGEST_NAME = 255

Kind = LiveKind
"""As the doors see it: what it asks for, and its name."""


@dataclass(frozen=True)
class Entry:
    """What a person enters; a secret setting that is blank keeps the stored one."""

    name: str
    kind: str
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class ByItself:
    """When a source is synced without anybody asking. `days` by number (core/schedule.py)."""

    nightly: bool
    days: Iterable[int]
    at: time | None
    before_runs: bool


def known_kinds() -> tuple[Kind, ...]:
    """The kinds of live sources that there are."""
    return tuple(LIVE_KINDS.values())


def kind_of(source: Source) -> Kind | None:
    """Its kind; None for one that this version of the software does not have."""
    return LIVE_KINDS.get(source.kind)


def visible_sources(actor: Actor) -> "QuerySet[Source]":
    """The LEA's live sources, by name; in the LEA's scope. Raises PermissionRefused unless an admin asks."""
    check_can(actor, "manage_roster")
    return Source.objects.filter(lea_id=actor.lea_id).exclude(kind=UPLOAD_KIND)


def find_source(actor: Actor, source_id: int) -> Source:
    """In the LEA's scope. Raises NotThere or PermissionRefused."""
    found = visible_sources(actor).filter(pk=source_id).first()
    if found is None:
        raise NotThere("There is no such source, or it was deleted. Go back to the list of sources.")
    return found


def save_source(actor: Actor, entry: Entry, source_id: int | None = None) -> Source:
    """Store a new source, or change one. Raises RequestStop for what cannot be meant."""
    with acting(actor):
        check_can(actor, "manage_roster")
        record = find_source(actor, source_id) if source_id else Source(lea_id=actor.lea_id, kind=entry.kind)
        record.changed_by_id = actor.person_id
        _store(record, entry)
        note(actor, "save source", _thing(record), name=record.name, kind=record.kind)
        return record


def save_source_by_command(lea_id: int, entry: Entry) -> Source:
    """The same for a command on the machine itself, in a transaction in the LEA's scope: the source of that name is
    changed, so that a script can be run again; else there is a new one.

    Raises RequestStop for what cannot be meant, also if the one of that name is of another kind.
    """
    there = Source.objects.filter(lea_id=lea_id, name=storable(entry.name.strip())).first()
    if there is not None and there.kind != entry.kind:
        raise RequestStop(f"{there.name} is a source of another kind ({there.kind}). Choose another name with --name.")
    record = there or Source(lea_id=lea_id, kind=entry.kind)
    record.changed_by = None
    _store(record, entry)
    note_system(lea_id, "save source by command", _thing(record), door="command", name=record.name, kind=record.kind)
    return record


def _store(record: Source, entry: Entry) -> None:
    kind = live_kind(record.kind)
    _check_name(record, entry.name.strip())
    complete = kind.complete(_entered(kind, entry, record))
    check_outgoing(kind.hosts(complete))
    secret = {one.name for one in kind.fields if one.secret}
    record.name = entry.name.strip()
    record.settings = {name: value for name, value in complete.items() if name not in secret}
    record.keep({name: value for name, value in complete.items() if name in secret})
    record.checks, record.checked_at, record.check_wanted_at = [], None, None
    record.save()
    plan(record.lea_id, "sync", timezone.now())


def delete_source(actor: Actor, source_id: int) -> None:
    """Forget it and its secrets. The rosters that came from it stay."""
    with acting(actor):
        record = find_source(actor, source_id)
        thing = _thing(record)
        record.delete()
        note(actor, "delete source", thing, name=record.name)


def check_source(actor: Actor, source_id: int) -> Source:
    """Have the connection tested, from where the syncs will run; what came of it will be in the record."""
    with acting(actor):
        record = find_source(actor, source_id)
        record.check_wanted_at = timezone.now()
        record.save(update_fields=["check_wanted_at"])
        enqueue_check(actor.lea_id, record.pk)
        note(actor, "test source", _thing(record), name=record.name)
        return record


def check_by_command(lea_id: int, name: str = "") -> Source:
    """The same for a command on the machine itself; in a transaction in the LEA's scope."""
    record = source_of_command(lea_id, name)
    record.check_wanted_at = timezone.now()
    record.save(update_fields=["check_wanted_at"])
    enqueue_check(lea_id, record.pk)
    note_system(lea_id, "test source by command", _thing(record), door="command", name=record.name)
    return record


def source_of_command(lea_id: int, name: str) -> Source:
    """The live source of that name, or the only one. Raises RequestStop if it is not clear which is meant."""
    sources = Source.objects.filter(lea_id=lea_id).exclude(kind=UPLOAD_KIND)
    found = list(sources.filter(name=name) if name else sources)
    if len(found) != 1:
        there = ", ".join(sources.values_list("name", flat=True)) or "none"
        raise RequestStop(f"{name or 'Which source'}: name one of the LEA's sources with --source. There are: {there}.")
    return found[0]


def save_sync_schedule(actor: Actor, source_id: int, wanted: ByItself) -> Source:
    """Say when it is synced by itself: at night, before runs of the scheduled process, both or never.

    Raises RequestStop without a day or a time, and if the roster comes by itself from another source.
    """
    with acting(actor):
        record = find_source(actor, source_id)
        record.changed_by_id = actor.person_id
        note(actor, "save sync schedule", _thing(record), **_scheduled(record, wanted))
        return record


def save_sync_schedule_by_command(record: Source, at: time | None, *, before_runs: bool) -> None:
    """Switch on what is given, for a command on the machine itself, in a transaction in the LEA's scope.

    What an admin chose on the page, such as the days, stays.
    """
    record.changed_by = None
    days = record.days if record.nightly else range(len(DAY_NAMES))
    wanted = ByItself(record.nightly or at is not None, days, at or record.time, record.before_runs or before_runs)
    told = _scheduled(record, wanted)
    note_system(record.lea_id, "save sync schedule by command", _thing(record), door="command", **told)


def _scheduled(record: Source, wanted: ByItself) -> dict[str, Any]:
    """What the log says of it."""
    _check_plan(wanted)
    by_itself = Source.objects.filter(Q(nightly=True) | Q(before_runs=True), lea_id=record.lea_id)
    other = by_itself.exclude(pk=record.pk).first()
    if other and (wanted.nightly or wanted.before_runs):
        raise RequestStop(
            f"The roster is already fetched automatically from {other.name}. Switch that off there first."
        )
    record.nightly, record.before_runs = wanted.nightly, wanted.before_runs
    record.days, record.time, record.since = sorted(set(wanted.days)), wanted.at, timezone.now()
    record.save()
    plan(record.lea_id, "sync", timezone.now())
    at = wanted.at.isoformat("minutes") if wanted.at else ""
    return {"nightly": wanted.nightly, "days": record.days, "time": at, "before_runs": wanted.before_runs}


def all_settings(record: Source) -> dict[str, str]:
    """What its kind needs, secrets among it, to ask it now.

    Raises DataStop if the secrets cannot be opened, RequestStop if this installation may not ask its server (any more).
    """
    kind = kind_of(record)
    check_outgoing(kind.hosts(record.settings) if kind else ())
    return {**record.settings, **record.secrets()}


def _entered(kind: LiveKind, entry: Entry, record: Source) -> dict[str, str]:
    """What was entered, and for secrets that were left blank what is stored."""
    kept = record.secrets() if record.pk else {}
    values = {name: value.strip() for name, value in entry.settings.items()}
    return {**values, **{one.name: values.get(one.name) or kept.get(one.name, "") for one in kind.fields if one.secret}}


def _check_name(record: Source, name: str) -> None:
    if not name:
        raise RequestStop("The source has no name. Give it one, such as Aeries.")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise RequestStop(f"The name cannot be stored. Give one of at most {_LONGEST_NAME} ordinary characters.")
    if Source.objects.filter(lea_id=record.lea_id, name=name).exclude(pk=record.pk or 0).exists():
        raise RequestStop(f"There is a source {name!r} already. Choose another name, or change that one.")


def _check_plan(wanted: ByItself) -> None:
    days = set(wanted.days)
    if not days <= set(range(len(DAY_NAMES))):
        raise RequestStop("There is no such day of the week. Choose days from Monday (0) to Sunday (6).")
    if wanted.nightly and not days:
        raise RequestStop("No day is chosen. Choose at least one day of the week.")
    if wanted.nightly and wanted.at is None:
        raise RequestStop("There is no time. Enter the time of day at which the roster is to be fetched.")


def _thing(record: Source) -> str:
    return f"source {record.pk}"
