"""Makes the data that a version leaves behind: `python -m tests.upgrade FILE.zip`, once for each version.

A small installation with invented people: a roster, profiles, a draft, extracts, an upload with its ledger, a
credential, a scheduled process, an API token, a live source with a side file, and how long all is kept; as a backup,
keys included. Never made again for a version that is out.
"""

import os
import sys
import tempfile
from datetime import time
from io import BytesIO
from pathlib import Path

SOURCE = {"address": "https://fig.example/aeries", "certificate": "c" * 32}
SIDE_FILE = b"staff_id,email\r\n1,ana.new@fig.example\r\n"


def main() -> None:
    target = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="cersgroups-upgrade-", ignore_cleanup_errors=True) as name:
        data, work = Path(name) / "data", Path(name) / "work"
        Path(name).chmod(0o711)
        work.mkdir()
        os.environ["CERSGROUPS_DATA"] = str(data)
        from cersgroups.cli.application import application, migrate

        with application():
            migrate()
            _fill(work)
            _back_up(target, work)


def _fill(work: Path) -> None:
    from django.utils import timezone

    from cersgroups.actions.api_token import create_token
    from cersgroups.actions.draft import start_draft
    from cersgroups.actions.retention import save_retention
    from cersgroups.actions.roster_file import UploadedFile
    from cersgroups.actions.scheduled_process import save_scheduled_process
    from cersgroups.actions.side_file import save_side_files
    from cersgroups.actions.source import Entry, save_source
    from cersgroups.web.draft_content import new_content
    from tests.jobs.delivery import delivery
    from tests.profiles import GRADES
    from tests.roster import small_snapshot

    with delivery(small_snapshot(work).path) as stage:
        stage.upload(stage.extract(stage.profile()))
        stage.extract(stage.profile(**{**GRADES, "name_pattern": None}))
        start_draft(stage.people.alma, new_content(2027))
        create_token(stage.people.ada, "night", ["read"], 366)
        source = save_source(stage.people.ada, Entry("Aeries", "aeries_api", SOURCE))
        save_side_files(stage.people.ada, source.pk, [UploadedFile("staff.csv", BytesIO(SIDE_FILE))])
        save_retention(stage.people.ada, {"extracts": 400, "audit": 366}, timezone.now())
        save_scheduled_process(
            stage.people.ada, days=[4], at=time(22, 30), emails=["ada@live-oak.example"], upload=True
        )


def _back_up(target: Path, work: Path) -> None:
    from cersgroups.actions.backup import write_backup

    backup = write_backup(target, work, lambda _what, _share: None, with_keys=True)
    assert not backup.faults, backup.faults


if __name__ == "__main__":
    main()
