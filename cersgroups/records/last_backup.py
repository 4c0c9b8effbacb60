"""When the last backup was made of this data folder, for the doctor: a backup itself may lie anywhere."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from cersgroups.records.folder import data_folder
from cersgroups.records.kept_secret import write_aside


@dataclass(frozen=True)
class LastBackup:
    """`faults`: how many files were missing or damaged."""

    made_at: str
    faults: int

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def remember_backup(backup: LastBackup) -> None:
    """That a backup was made counts more than that it is remembered: a full disk is no reason to fail."""
    with suppress(OSError):
        write_aside(_file(), json.dumps(asdict(backup))).replace(_file())


def last_backup() -> LastBackup | None:
    """None if there was none, or nobody can tell."""
    try:
        found = LastBackup(**json.loads(_file().read_text(encoding="ascii")))
        return found if found.at.tzinfo and isinstance(found.faults, int) else None
    except (OSError, ValueError, TypeError):
        return None


def _file() -> Path:
    return data_folder() / "last_backup.json"
