"""`cersgroups COMMAND ...`: finds the command's module, runs it, and turns stops into sentences and statuses.

A command is a module with `configure(parser)` and `run(args) -> int`; it is imported only when it is called.
"""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from cersgroups import __version__
from cersgroups.cli.ending import interruptible
from cersgroups.cli.terminal import shown
from cersgroups.core.error import RequestStop, Stop

COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("cersgroups.cli.build", "make a checked CERS file from a roster and profiles"),
    "validate": ("cersgroups.cli.validate", "say what CERS would answer to a file, and what it would garble"),
    "upload": ("cersgroups.cli.upload", "check files, send them to CERS, say what became of them"),
    "simulate": ("cersgroups.cli.simulate", "say what CERS would hold after files are uploaded in order"),
    "roster": ("cersgroups.cli.roster", "inspect a roster, or convert it to a roster folder or a snapshot"),
    "sync": ("cersgroups.cli.sync", "fetch a roster from the student information system"),
    "demo-roster": ("cersgroups.cli.demo_roster", "write the roster of an invented district"),
    "serve": ("cersgroups.cli.serve", "run the web application: server, worker and database"),
    "worker": ("cersgroups.cli.worker", "run the jobs of the web application"),
    "first-admin": ("cersgroups.cli.first_admin", "print a one-time link that makes an LEA and its first admin"),
    "add-lea": ("cersgroups.cli.add_lea", "add an LEA, and print its number"),
    "save-source": ("cersgroups.cli.save_source", "connect an LEA with its student information system"),
    "backup": ("cersgroups.cli.backup", "write database and files into one file"),
    "restore": ("cersgroups.cli.restore", "put a backup into an empty installation"),
    "doctor": ("cersgroups.cli.doctor", "say what is wrong with this installation"),
    "leas": ("cersgroups.cli.leas", "list the LEAs, how each stands, and what needs a person"),
    "remove-lea": ("cersgroups.cli.remove_lea", "remove an LEA with everything that is its"),
    "rotate-key": ("cersgroups.cli.rotate_key", "seal the stored secrets with a new key"),
    "manage": ("cersgroups.cli.manage", "run one of Django's commands"),
    "sandbox": ("cersgroups.cli.sandbox", "run a stand-in for the receiver, to try uploads against"),
    "demo": ("cersgroups.cli.demo", "show the whole way with an invented district"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0 done, 1 the data stops it, 2 a wrong request (docs/commands.md)."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        args = _parsed(arguments)
        status: int = args.run(args)
        sys.stdout.flush()
    except Stop as stop:
        print("\n".join(map(shown, f"cersgroups: {stop}".split("\n"))), file=sys.stderr)
        return stop.status
    except KeyboardInterrupt:
        print("cersgroups: interrupted. What was there before is unchanged.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return _unread()
    except OSError as e:
        print(f"cersgroups: {_sentence(e)}", file=sys.stderr)
        return RequestStop.status
    return status


def _unread() -> int:
    """Whoever read what is printed has gone, as `head` does: nothing more is printed, also not at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _sentence(e: OSError) -> str:
    """What the system says, where, and what to do about it."""
    where = f"{e.filename}: " if e.filename else ""
    return f"{where}{e.strerror or e}. {_ADVICE.get(e.errno or 0, '')}".strip()


_ELSEWHERE = "Choose another place, or ask who runs this machine."
_ADVICE = {
    errno.ENOENT: "Check the path.",
    errno.ENOTDIR: "Check the path.",
    errno.EISDIR: "Name a file in it.",
    errno.ENOSPC: "Make room on the disk that is written to (or that holds the folder for temporary files, TMPDIR).",
    errno.EDQUOT: "Make room on the disk that is written to, or write to another one.",
    errno.ENOMEM: "Close other programs, or give this one more memory.",
    errno.EACCES: _ELSEWHERE,
    errno.EPERM: _ELSEWHERE,
    errno.EROFS: _ELSEWHERE,
    errno.ENAMETOOLONG: "Choose a shorter name.",
}


class _Help(argparse.HelpFormatter):
    """Help for a terminal of 80 columns: every command's summary beside its name."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26)
        self._action_max_length = 4 + max(map(len, COMMANDS))  # argparse forgets that they are indented


class _Parser(argparse.ArgumentParser):
    """Its sentences about wrong arguments also say where the right ones are told."""

    def error(self, message: str) -> NoReturn:
        super().error(f"{message.removesuffix('.')}. See `{self.prog} --help`.")


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What the arguments say. Ends the program with a sentence of the command itself, if one is not known."""
    parser = _parser(arguments)
    args, unknown = parser.parse_known_args(arguments)
    if unknown:
        vars(args).get("parser", parser).error(f"unrecognized arguments: {' '.join(unknown)}")
    return args


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cersgroups",
        description="Student groups for CERS: a roster in, a checked file out.",
        epilog="`cersgroups COMMAND --help` tells more. To look around: cersgroups demo",
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="version", version=f"cersgroups {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", required=True)
    for name, (module_name, summary) in COMMANDS.items():
        sentence = f"{summary[0].upper()}{summary[1:]}."
        command = commands.add_parser(name, help=summary, description=sentence, formatter_class=_Help)
        if arguments and arguments[0] == name:
            module = import_module(module_name)
            module.configure(command)
            command.set_defaults(run=module.run, parser=command)
    return parser


def run() -> None:
    """The entry point of the installed command."""
    with interruptible():
        sys.exit(main())
