"""An LEA some weeks after its clean-up at night removed the files of an extract, its upload and an earlier roster."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from cersgroups.actions.retention import clean_up, save_retention
from cersgroups.records.extract import Extract
from cersgroups.records.scope import lea_scope
from cersgroups.records.snapshot import Snapshot
from tests.jobs.delivery import Delivery
from tests.roster import give_roster

ROSTER_CODE = "student_without_ssid"


@dataclass(frozen=True)
class Cleaned:
    """`roster` was current before `current`, and has findings, as `extract` has (of `code`)."""

    stage: Delivery
    roster: int
    current: int
    extract: int
    code: str
    upload: int
    day: str

    @property
    def sentence(self) -> str:
        return f"files were removed on {self.day} (Settings, Retention)."


def cleaned(stage: Delivery, stored_snapshot: Path) -> Cleaned:
    extract = stage.extract(stage.profile(filters={"departments": ["ENG", "GONE"]}))
    upload = stage.upload(extract)
    assert upload.state in ("done", "accepted")
    assert upload.figures
    with lea_scope(stage.lea_id):
        roster = Snapshot.objects.get()
        Snapshot.objects.filter(pk=roster.pk).update(finding_counts={ROSTER_CODE: 2}, file_name="fall.zip")
    current = give_roster(stage.lea_id, stored_snapshot)
    save_retention(stage.people.ada, {"extracts": 30, "rosters": 30}, timezone.now())
    later = timezone.now() + timedelta(days=31)
    with lea_scope(stage.lea_id):
        assert clean_up(stage.lea_id, later) == {
            "extracts": 1, "uploads": 1, "rosters": 1, "ledgers": 0, "audit entries": 0, "drafts": 0,
        }  # fmt: skip
        record = Extract.objects.get(pk=extract)
        [code] = record.findings.values_list("code", flat=True)
        day = later.astimezone(record.lea.zone)
    return Cleaned(stage, roster.pk, current, extract, code, upload.pk, f"{day:%b} {day.day}, {day.year}")
