"""`cersgroups manage ...`: Django's own commands, with the database running."""

import argparse

from cersgroups.cli.application import application


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("arguments", metavar="...", nargs=argparse.REMAINDER, help="such as: migrate, check --deploy")


def run(args: argparse.Namespace) -> int:
    with application():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["cersgroups manage", *_as_owner(args.arguments)])
    return 0


def _as_owner(arguments: list[str]) -> list[str]:
    """Tables are changed by their owner, not by the application's role."""
    if arguments[:1] == ["migrate"] and not any(argument.startswith("--database") for argument in arguments):
        return [*arguments, "--database=owner"]
    return arguments
