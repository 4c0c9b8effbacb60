"""What is wrong with single LEAs, by their numbers: credentials, keys, rosters. Read over all of them, as the owner."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from cersgroups.actions.credential import WARN_DAYS
from cersgroups.actions.encryption_key import closed_factors
from cersgroups.core.diagnosis import Symptom, Verdict, numbered_leas
from cersgroups.core.error import DataStop
from cersgroups.records.credential import Credential
from cersgroups.records.lea import Lea
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from cersgroups.records.whole import whole

_ROSTER_DAYS = 8
"""A roster is brought in each week at least: uploads are weekly."""


def look_at_leas() -> Iterator[Symptom]:
    """One symptom for each point, which names the LEAs that it is about."""
    with whole() as alias:
        credentials = list(Credential.objects.using(alias).order_by("lea_id"))
        leas = list(Lea.objects.using(alias).select_related("current_snapshot").order_by("pk"))
        failed = _failed_rosters(alias)
        sources = list(Source.objects.using(alias).exclude(sealed=""))
    yield _keys([*credentials, *sources])
    yield from _factors()
    yield from _expiries(credentials)
    yield from _rosters(leas)
    yield _symptom(
        "sources", "warning", failed, "The last roster of {} could not be used. Its page under Roster says why.",
        "The last roster of every LEA could be used.",
    )  # fmt: skip


def _symptom(name: str, verdict: Verdict, ids: list[int], sentence: str, well: str) -> Symptom:
    found = sorted(set(ids))
    return Symptom(name, verdict, sentence.format(numbered_leas(found))) if found else Symptom(name, "ok", well)


def _keys(records: list[Credential | Source]) -> Symptom:
    closed = [record.lea_id for record in records if not _opens(record)]
    return _symptom(
        "keys", "fault", closed,
        "The encryption keys do not open the secrets of {}. Put the right encryption_key (or "
        "CERSGROUPS_ENCRYPTION_KEYS) back, or have credentials and sources entered again.",
        "The encryption keys open the secrets of every LEA.",
    )  # fmt: skip


def _factors() -> Iterator[Symptom]:
    closed = closed_factors()
    if closed:
        sentence = (
            f"The encryption keys do not open {closed:,} second factors: those people cannot sign in with their app. "
            f"Put the right encryption_key (or CERSGROUPS_ENCRYPTION_KEYS) back."
        )
        yield Symptom("keys", "fault", sentence)


def _opens(record: Credential | Source) -> bool:
    try:
        record.secrets()
    except DataStop:
        return False
    return True


def _expiries(credentials: list[Credential]) -> Iterator[Symptom]:
    today = timezone.localdate()
    soon = today + timedelta(days=WARN_DAYS[0])
    yield _symptom(
        "credentials", "fault", [c.lea_id for c in credentials if c.expires_on < today],
        "A credential for CERS of {} has ended: nothing can be uploaded with it. Have a new one entered.",
        "No credential for CERS has ended.",
    )  # fmt: skip
    ending = [c.lea_id for c in credentials if today <= c.expires_on <= soon]
    if ending:
        sentence = f"A credential for CERS of {{}} ends within {WARN_DAYS[0]} days. Ask for a new one."
        yield _symptom("credentials", "warning", ending, sentence, "")


def _rosters(leas: list[Lea]) -> Iterator[Symptom]:
    oldest = timezone.now() - timedelta(days=_ROSTER_DAYS)
    old = [
        lea.pk
        for lea in leas
        if lea.current_snapshot and lea.current_snapshot.taken_at and lea.current_snapshot.taken_at < oldest
    ]
    yield _symptom(
        "rosters", "warning", old,
        f"The roster of {{}} is older than {_ROSTER_DAYS} days: new students and teachers are missing from uploads.",
        f"No roster is older than {_ROSTER_DAYS} days.",
    )  # fmt: skip
    without = [lea.pk for lea in leas if lea.current_snapshot is None]
    if without:
        yield _symptom("rosters", "warning", without, "There is no roster yet of {}.", "")


def _failed_rosters(alias: str) -> list[int]:
    """The LEAs whose newest roster failed."""
    newest = Snapshot.objects.using(alias).order_by("lea_id", "-pk").distinct("lea_id")
    return [lea_id for lea_id, state in newest.values_list("lea_id", "state") if state == "failed"]
