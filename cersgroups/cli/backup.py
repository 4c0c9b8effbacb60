"""`cersgroups backup FILE`: database and files in one file, while the program runs."""

import argparse
from pathlib import Path

from cersgroups.cli.application import application
from cersgroups.cli.output import beside, check_output, publish
from cersgroups.cli.progress import counted, progress_bar, tell
from cersgroups.core.backup import KEYS

_NO_KEYS = (
    "The keys are not in it. Keep encryption_key (or CERSGROUPS_ENCRYPTION_KEYS) at another place: without it the "
    "credentials for CERS must be entered again after a restore."
)


WITH_FAULTS = 3
"""The exit status if the file was written, but something that it should hold is missing or damaged."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to write")
    parser.add_argument(
        "--with-keys",
        action="store_true",
        help="put the keys of the data folder into it: whoever has the file can then open the credentials",
    )


def run(args: argparse.Namespace) -> int:
    """Write it, remember when, for the doctor, and say so in the LEAs' audit logs."""
    check_output(args.file, [])
    with application(), beside(args.file) as aside, progress_bar() as progress:
        from cersgroups.actions.backup import note_backup, write_backup
        from cersgroups.records.last_backup import LastBackup, remember_backup

        (aside / "work").mkdir()
        backup = write_backup(aside / "backup", aside / "work", progress, with_keys=args.with_keys)
        (aside / "backup").chmod(0o600)
        publish([(aside / "backup", args.file)])
        remember_backup(LastBackup(backup.made_at, len(backup.faults)))
        has_keys = bool({*KEYS} & {*backup.files})
        noted = note_backup(keys=has_keys)
    size = args.file.stat().st_size
    tell(f"{args.file}: {counted(backup.leas, 'LEAs')}, {counted(len(backup.files), 'files')}, {size:,} bytes.")
    tell("The keys are in it: keep it as safe as they are." if has_keys else _NO_KEYS)
    if not noted:
        tell("The database did not take the entries for the audit logs: no LEA's log says that this backup was made.")
    for fault in backup.faults:
        tell(f"Not in it as it should be: {fault}")
    return WITH_FAULTS if backup.faults else 0
