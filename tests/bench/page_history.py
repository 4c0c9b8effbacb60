"""What years leave in an LEA, for the pages that show it: a long audit log, a source and its syncs, a failed export."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.db.models import F
from django.utils import timezone

from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.snapshot import upload_roster
from cersgroups.actions.source import Entry, save_source
from cersgroups.cli.demo_site import wait
from cersgroups.core.permission import Actor
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.source import Source
from cersgroups.web.templatetags.audit import ACTION_WORDS

ENTRIES, SYNCS, EMAILS = 100_000, 60, 200
NO_SUCH_COLUMN = 'cds = "metadata.notThere"\n'
"""A mapping with which no export can be converted."""


def fill_log(lea_id: int) -> None:
    """So many entries over a year, by so many people and the system, of every action; in the LEA's scope.

    The table is vacuumed, as PostgreSQL does by itself a minute later.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO audit_entry (lea_id, at, actor_email, action, object, detail, door, ip)
            SELECT %(lea)s, now() - n * interval '5 minutes',
                CASE WHEN n %% 5 = 0 THEN '' ELSE format('person%%s@demo.example', n * 7 %% %(emails)s) END,
                (%(actions)s::text[])[1 + n * 13 %% %(count)s], format('profile %%s', n %% 500),
                jsonb_build_object('name', format('English %%s', n %% 977), 'schools', '["990", "994"]'::jsonb),
                CASE WHEN n %% 5 = 0 THEN 'job' ELSE 'page' END,
                CASE WHEN n %% 5 = 0 THEN NULL ELSE '10.0.0.1'::inet END
            FROM generate_series(1, %(entries)s) n
            """,
            {
                "lea": lea_id,
                "emails": EMAILS,
                "actions": list(ACTION_WORDS),
                "count": len(ACTION_WORDS),
                "entries": ENTRIES,
            },
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_entry")


def connect_source(actor: Actor, current: Snapshot) -> int:
    """A live source with so many syncs, one of which goes on; no page asks it for anything. In the LEA's scope."""
    settings = {"address": "https://sis.example/aeries", "certificate": "0" * 32}
    source = save_source(actor, Entry("Our SIS", "aeries_api", settings))
    now = timezone.now()
    checks = [{"what": f"Permission {n}", "ok": True, "sentence": "100 rows came."} for n in range(12)]
    Source.objects.filter(pk=source.pk).update(checks=checks, checked_at=now)
    Snapshot.objects.bulk_create(_sync(source, current, now - timedelta(days=n), n) for n in range(1, SYNCS))
    Snapshot.objects.filter(source=source).update(created_at=F("taken_at"))
    # no job stands behind it: for who looks it goes on for ever
    going = {"state": "fetching", "progress": 0.4, "message": "fetching sections of 994 Vista High"}
    Snapshot.objects.create(lea_id=source.lea_id, source=source, occasion="person", made_by_id=actor.person_id, **going)
    return source.pk


def _sync(source: Source, current: Snapshot, at: datetime, n: int) -> Snapshot:
    """Mostly ready, some held or failed."""
    state = "failed" if n % 7 == 0 else "held" if n % 11 == 0 else "ready"
    return Snapshot(
        lea_id=source.lea_id,
        source=source,
        occasion="night",
        occurrence=f"{at:%Y-%m-%dT%H:%M}",
        state=state,
        why="sections of 994: the server answered 500." if state == "failed" else "",
        stops=["It has 12% fewer students than the current roster."] if state == "held" else [],
        kind="Aeries API",
        counts=current.counts,
        finding_counts=current.finding_counts,
        schools=current.schools,
        school_year=current.school_year,
        time_zone=current.time_zone,
        taken_at=at,
        finished_at=at,
        compared_with=current,
    )


def fail_export(actor: Actor, export: Path, running: Any) -> int:
    """A OneRoster export that the job could not convert: what the page of its mapping is most looked at for."""
    with export.open("rb") as content:
        record = upload_roster(actor, [UploadedFile(export.name, content)], NO_SUCH_COLUMN)
    wait(running, lambda: Snapshot.objects.get(pk=record.pk), "failed")
    return record.pk
