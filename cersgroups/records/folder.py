"""The data folder: where everything lies that is not in the relational database.

secret_key                          readable by its owner only
postgres/                           the embedded database, if there is no DATABASE_URL
encryption_key                      seals credentials; readable by its owner only
leas/<id>/received/<snapshot id>/   a roster as it was received, until it is converted, an export a week longer
leas/<id>/snapshots/<id>/           a snapshot
leas/<id>/extracts/<id>/            an extract: extract-1.csv, ..., findings.csv
leas/<id>/uploads/<id>/             an upload: what was sent, and what it changes
leas/<id>/ledgers/<id>/             what CERS held from an upload on
"""

import os
import sys
from pathlib import Path

from cersgroups.core import environment

VARIABLE = "CERSGROUPS_DATA"


def data_folder() -> Path:
    """The folder that CERSGROUPS_DATA names, else a folder of this user's; made if it is not there.

    Nobody else can list it. PostgreSQL never runs as root, so the folder of root can be passed through.
    """
    folder = Path(environment.text(VARIABLE, str(_default()))).expanduser().absolute()
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        mode = 0o711 if is_root() else 0o700
        folder.mkdir(mode, exist_ok=True)  # of several programs that start at once none ever sees it wider
        folder.chmod(mode)  # not narrower either, whatever the umask
    return folder


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _default() -> Path:
    if is_root():
        return Path("/var/lib/cersgroups")
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/cersgroups")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or "~/AppData/Local") / "cersgroups"
    return Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share") / "cersgroups"


def lea_folder(lea_id: int) -> Path:
    """The LEA's folder; what is above it is made for its owner only."""
    leas = data_folder() / "leas"
    leas.mkdir(mode=0o700, exist_ok=True)
    folder = leas / str(lea_id)
    for path in (folder, *(folder / name for name in ("received", "snapshots", "extracts", "uploads", "ledgers"))):
        path.mkdir(mode=0o700, exist_ok=True)
    return folder


def received_folder(lea_id: int, snapshot_id: int) -> Path:
    return lea_folder(lea_id) / "received" / str(snapshot_id)


def snapshot_folder(lea_id: int, snapshot_id: int) -> Path:
    return lea_folder(lea_id) / "snapshots" / str(snapshot_id)


def extract_folder(lea_id: int, extract_id: int) -> Path:
    return lea_folder(lea_id) / "extracts" / str(extract_id)


def upload_folder(lea_id: int, upload_id: int) -> Path:
    return lea_folder(lea_id) / "uploads" / str(upload_id)


def ledger_folder(lea_id: int, ledger_id: int) -> Path:
    return lea_folder(lea_id) / "ledgers" / str(ledger_id)
