"""`cersgroups rotate-key`: a new key for the stored credentials, which are all sealed with it at once."""

import argparse

from cersgroups.cli.application import application, migrate
from cersgroups.cli.progress import counted, tell


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seal-only",
        action="store_true",
        help="make no new key: seal everything with the first of those that are there",
    )


def run(args: argparse.Namespace) -> int:
    """The old keys stay, after the new one, for backups that were made before."""
    with application():
        from cersgroups.actions.encryption_key import seal_again
        from cersgroups.records.encryption_key import add_encryption_key

        migrate()
        if not args.seal_only:
            add_encryption_key()
        count = seal_again(new_key=not args.seal_only)
        sealed = counted(count, "secrets")
        tell(f"{sealed} sealed with the current key. Older keys stay, so that they still open backups.")
    return 0
