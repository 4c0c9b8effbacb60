"""How long an LEA keeps students' data: each night old files of extracts, rosters and ledgers go, and audit entries.

Records stay: they say what was done. What they hold of students goes with the files: the lists of profiles that an
extract was made of, and what CERS answered. Nothing goes that is still needed. Drafts, which may hold students too, go
when they are old whatever the LEA has set (actions/draft.py).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, get_args

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Func, Q, QuerySet
from django.utils.formats import date_format

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note, note_system
from cersgroups.actions.draft import forget_drafts, has_drafts
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.retention import LEAST_DAYS, Kept
from cersgroups.core.state import TRANSITIONS
from cersgroups.records.due import plan
from cersgroups.records.extract import Extract, ExtractProfile
from cersgroups.records.lea import Lea, locked_lea
from cersgroups.records.ledger import Ledger, current_ledger
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import discard
from cersgroups.records.upload import Upload, UploadPart

_ENDED = [state for state, steps in TRANSITIONS["upload"].items() if not steps]
_AGAIN = timedelta(days=7)
"""So long what was marked is looked at again: a machine that was killed may have left the files."""


def kept_days(lea: Lea) -> dict[Kept, int | None]:
    """None: for ever."""
    return {kept: getattr(lea, f"keep_{kept}_days") for kept in get_args(Kept)}


def begin_retention(lea: Lea) -> dict[Kept, int]:
    """A new LEA, not saved yet, begins with what the settings of the installation say: those that do not mean for ever.

    Its admin may choose otherwise (save_retention): a setting that changes later changes nothing here.
    """
    begun: dict[Kept, int] = {kept: days for kept, days in settings.KEEP_DAYS.items() if days is not None}
    for kept, days in begun.items():
        setattr(lea, f"keep_{kept}_days", days)
    return begun


def save_retention(actor: Actor, days: dict[Kept, int | None], now: datetime) -> Lea:
    """Keep each for so many days, None for ever. Raises RequestStop for fewer than LEAST_DAYS."""
    with acting(actor):
        check_can(actor, "change_settings")
        for kept, number in days.items():
            if number is not None and number < LEAST_DAYS[kept]:
                raise RequestStop(f"{number} days are too few: {kept} are kept for {LEAST_DAYS[kept]} days at least.")
        lea = locked_lea(actor.lea_id)
        for kept, number in days.items():
            setattr(lea, f"keep_{kept}_days", number)
        lea.save()
        note(actor, "change retention", f"lea {lea.pk}", **kept_days(lea))
        plan(lea.pk, "retention", now)
        return lea


def tell_removed(record: Extract | Upload | Snapshot | Ledger, whose: str = "Its") -> str:
    """The sentence that its files are here no longer, for whoever asks for them; blank while they are."""
    if record.files_removed_at is None:
        return ""
    day = date_format(record.files_removed_at.astimezone(record.lea.zone), "M j, Y")
    return f"{whose} files were removed on {day} (Settings, Retention)."


def needs_clean_up(lea: Lea) -> bool:
    """Whether something may become too old; in the LEA's scope."""
    return any(kept_days(lea).values()) or has_drafts(lea.pk)


def clean_up(lea_id: int, now: datetime) -> dict[str, int]:
    """Remove what is older than the LEA keeps it, in its scope: how many of each. Called again, it goes on."""
    with transaction.atomic():
        lea = locked_lea(lea_id)  # no roster becomes current meanwhile
        old = {kept: now - timedelta(days=number) for kept, number in kept_days(lea).items() if number}
        counts: dict[str, Any] = {
            "extracts": _mark(_old_extracts(old.get("extracts")), now),
            "uploads": _mark(_old_uploads(old.get("extracts")), now),
            "rosters": _mark(_old_snapshots(lea, old.get("rosters")), now, counted=None),
            "ledgers": _mark(_old_ledgers(lea_id, old.get("ledgers")), now),
            "audit entries": _forget(old.get("audit")),
            "drafts": forget_drafts(lea_id, now),
        }
        _forget_students(lea_id)
        if any(counts.values()):
            note_system(lea_id, "clean up", f"lea {lea_id}", **counts)
    _discard(now)
    return counts


def _mark(
    records: "QuerySet[Extract] | QuerySet[Upload] | QuerySet[Snapshot] | QuerySet[Ledger]", now: datetime, **more: None
) -> int:
    return records.filter(files_removed_at=None).update(files_removed_at=now, **more)


def _old_extracts(before: datetime | None) -> "QuerySet[Extract]":
    """Without those that an upload still needs."""
    if before is None:
        return Extract.objects.none()
    needed = Upload.objects.exclude(state__in=_ENDED).exclude(extract=None).values("extract_id")
    return Extract.objects.filter(state__in=("done", "failed"), created_at__lt=before).exclude(pk__in=needed)


def _old_uploads(before: datetime | None) -> "QuerySet[Upload]":
    return Upload.objects.filter(state__in=_ENDED, created_at__lt=before) if before else Upload.objects.none()


def _old_snapshots(lea: Lea, before: datetime | None) -> "QuerySet[Snapshot]":
    """Neither the current one nor one that an extract with files was made of."""
    if before is None:
        return Snapshot.objects.none()
    used = Extract.objects.filter(files_removed_at=None).exclude(state="failed").values("snapshot_id")
    ended = Snapshot.objects.filter(state__in=("ready", "held", "failed"), created_at__lt=before)
    return ended.exclude(Q(pk=lea.current_snapshot_id) | Q(pk__in=used))


def _old_ledgers(lea_id: int, before: datetime | None) -> "QuerySet[Ledger]":
    """Not the current one, nor one that an upload which goes on was compared with."""
    if before is None:
        return Ledger.objects.none()
    now, needed = current_ledger(lea_id), Upload.objects.exclude(state__in=_ENDED).exclude(ledger=None)
    return Ledger.objects.filter(created_at__lt=before).exclude(
        Q(pk=now.pk if now else None) | Q(pk__in=needed.values("ledger_id"))
    )


def _forget_students(lea_id: int) -> None:
    """What records hold of students whose files were removed, now or ever; other sentences never name one."""
    ExtractProfile.objects.filter(
        lea_id=lea_id, extract__files_removed_at__isnull=False, content__list__students__0__isnull=False
    ).update(content=Func("content", template="jsonb_set(%(expressions)s, '{list,students}', '[]')"))
    UploadPart.objects.filter(lea_id=lea_id, upload__files_removed_at__isnull=False).exclude(message="").update(
        message=""
    )


def _forget(before: datetime | None) -> int:
    if before is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_audit_entries(%s)", [before])
        return int(cursor.fetchone()[0])


def _discard(now: datetime) -> None:
    """Files last: what is marked and still there goes, now or in one of the next nights."""
    recent = {"files_removed_at__gt": now - _AGAIN}
    marked: Iterable[Extract | Upload | Ledger | Snapshot] = [
        *Extract.objects.filter(**recent),
        *Upload.objects.filter(**recent),
        *Ledger.objects.filter(**recent),
    ]
    for record in marked:
        discard(record.folder)
    for snapshot in Snapshot.objects.filter(**recent):
        discard(snapshot.folder)
        discard(snapshot.received)
