"""`cersgroups restore FILE`: what `cersgroups backup` wrote, into an empty installation."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from cersgroups.cli.application import application, migrate
from cersgroups.cli.progress import counted, progress_bar, tell


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the backup")
    parser.add_argument(
        "--with-uploads",
        action="store_true",
        help="leave uploads switched on and API tokens valid: only where nothing was done since, and the old "
        "installation is gone",
    )


def run(args: argparse.Namespace) -> int:
    with application(), progress_bar() as progress:
        from cersgroups.actions.restoration import read_backup, restore, settle

        backup = read_backup(args.file)
        shut_at = None if args.with_uploads else datetime.now(UTC)
        restore(args.file, backup, progress, shut_at=shut_at)
        migrate()
        settled = settle(backup, shut_at=shut_at)
    tell(f"{counted(settled.leas, 'LEAs')} restored, as they were at {backup.made_at}. Now ask: cersgroups doctor")
    for fault in backup.faults:
        tell(f"Was not in the backup as it should be: {fault}")
    if not args.with_uploads:
        tell("Uploads are switched off in every LEA. An admin switches them on again under Settings.")
        tell(
            f"Nobody is signed in, and all API tokens are revoked ({settled.tokens:,}). Passwords, second factors "
            f"and rights are as they were: who was removed since is back. Let each LEA's admin look through People."
        )
    return 0
