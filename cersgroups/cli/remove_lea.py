"""`cersgroups remove-lea NUMBER`: an LEA goes with everything that is its, once its name is typed."""

import argparse
from getpass import getuser

from cersgroups.cli.application import application, migrate
from cersgroups.cli.leas import lea_number
from cersgroups.cli.progress import tell
from cersgroups.core.error import RequestStop


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", type=lea_number, help="of the LEA (`cersgroups leas` lists them)")


def run(args: argparse.Namespace) -> int:
    with application():
        from cersgroups.actions.removal import find_lea, remove_lea

        migrate()
        found = find_lea(args.number)
        if found is not None:
            _confirm(found.name)
        remove_lea(args.number, getuser())
    tell(
        f"LEA {args.number} is removed: its records, its audit log, its files, and people whom no other LEA's "
        f"records name. Other machines that share a bucket remove their copies within an hour. Backups still hold it, "
        f"and so do old versions in a bucket that keeps them: delete those. What CERS holds of it stays there."
    )
    return 0


def _confirm(name: str) -> None:
    tell(
        f"This removes {name} for good: profiles, rosters, extracts, uploads, credentials, audit log and people. "
        f"Its groups stay in CERS: retire them first, if they should go.\nType the name of the LEA to go on:"
    )
    try:
        typed = input()
    except EOFError:
        typed = ""
    if typed.strip() != name:
        raise RequestStop("That is not its name. Nothing was removed.")
