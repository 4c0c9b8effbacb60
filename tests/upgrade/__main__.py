"""Makes the data that a version leaves behind: `python -m tests.upgrade FILE.zip`, once for each version.

A small installation with invented people: a roster, profiles, a draft, extracts, an upload with its ledger, a
credential and a scheduled process; as a backup, keys included. Never made again for a version that is out.
"""

import os
import sys
import tempfile
from datetime import time
from pathlib import Path


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
    from cersgroups.actions.draft import start_draft
    from cersgroups.actions.scheduled_process import save_scheduled_process
    from cersgroups.web.draft_content import new_content
    from tests.jobs.delivery import delivery
    from tests.profiles import GRADES
    from tests.roster import small_snapshot

    with delivery(small_snapshot(work).path) as stage:
        stage.upload(stage.extract(stage.profile()))
        stage.extract(stage.profile(**{**GRADES, "name_pattern": None}))
        start_draft(stage.people.alma, new_content(2027))
        save_scheduled_process(
            stage.people.ada, days=[4], at=time(22, 30), emails=["ada@live-oak.example"], upload=True
        )


def _back_up(target: Path, work: Path) -> None:
    from cersgroups.actions.backup import write_backup

    backup = write_backup(target, work, lambda _what, _share: None, with_keys=True)
    assert not backup.faults, backup.faults


if __name__ == "__main__":
    main()
