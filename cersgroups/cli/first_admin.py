"""`cersgroups first-admin`: a new one-time link that makes an LEA and its first admin, or an admin of one."""

import argparse

from cersgroups.cli.application import application, migrate
from cersgroups.cli.leas import lea_number


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lea",
        metavar="NUMBER",
        type=lea_number,
        help="of an LEA that has no admin (`cersgroups leas` lists LEAs): whoever opens the link becomes an admin "
        "of it; without it, of a new LEA",
    )


def run(args: argparse.Namespace) -> int:
    with application():
        migrate()
        print(first_admin_link(args.lea))
    return 0


def first_admin_link(lea_id: int | None = None) -> str:
    """A new link; those made before work too, for a day. Django must be set up. Raises NotThere."""
    from django.conf import settings

    from cersgroups.actions.first_admin import make_link

    return f"{settings.URL}/first-admin/{make_link(lea_id)}/"
