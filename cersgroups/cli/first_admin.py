"""`cersgroups first-admin`: a new one-time link that makes an LEA and its first admin."""

import argparse

from cersgroups.cli.application import application, migrate


def configure(parser: argparse.ArgumentParser) -> None:
    del parser  # no arguments


def run(_args: argparse.Namespace) -> int:
    with application():
        migrate()
        print(first_admin_link())
    return 0


def first_admin_link() -> str:
    """A new link; those made before work too, for a day. Django must be set up."""
    from django.conf import settings

    from cersgroups.actions.first_admin import make_link

    return f"{settings.URL}/first-admin/{make_link()}/"
