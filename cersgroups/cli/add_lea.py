"""`cersgroups add-lea NAME`: a new LEA that nobody belongs to yet; its number is printed, for the commands after it."""

import argparse

from cersgroups.cli.application import application, migrate
from cersgroups.cli.progress import tell


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="of the district, county office or charter")


def run(args: argparse.Namespace) -> int:
    with application():
        from cersgroups.actions.lea import add_lea_by_command

        migrate()
        lea = add_lea_by_command(args.name)
    print(lea.pk)
    tell(
        f"{lea.name} is LEA {lea.pk}. Nobody belongs to it yet: cersgroups first-admin --lea {lea.pk} prints a link "
        f"for its first admin."
    )
    return 0
