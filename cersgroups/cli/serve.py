"""`cersgroups serve`: the web server, the worker and the embedded database in one command."""

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cersgroups.cli.application import application, migrate
from cersgroups.cli.first_admin import first_admin_link
from cersgroups.cli.progress import tell
from cersgroups.core.error import RequestStop

_STOP_SECONDS = 20


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="ADDRESS", help="where to listen (default: CERSGROUPS_HOST, else 127.0.0.1)")
    parser.add_argument("--port", metavar="N", type=int, help="0: any free one (default: CERSGROUPS_PORT, else 8000)")
    parser.add_argument("--processes", metavar="N", type=int, default=1, help="of the web server (default: 1)")
    parser.add_argument("--no-worker", action="store_true", help="jobs are done by `cersgroups worker` elsewhere")


def run(args: argparse.Namespace) -> int:
    host, port = _address(args)
    os.environ |= {"CERSGROUPS_HOST": host, "CERSGROUPS_PORT": str(port)}
    with application():
        _prepare()
        _tell_address()
        with worker(wanted=not args.no_worker):
            _serve(host, port, args.processes)
    return 0


def _address(args: argparse.Namespace) -> tuple[str, int]:
    """Raises RequestStop if nobody can listen there."""
    host = args.host or os.environ.get("CERSGROUPS_HOST") or "127.0.0.1"
    wanted = args.port if args.port is not None else os.environ.get("CERSGROUPS_PORT") or 8000
    try:
        with socket.create_server((host, int(wanted)), family=_family(host)) as probe:
            return host, int(probe.getsockname()[1])
    except (OSError, ValueError, OverflowError) as e:
        raise RequestStop(f"{host}:{wanted}: cannot listen there ({e}). Choose another --host or --port.") from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _prepare() -> None:
    from django.core.management import call_command

    from cersgroups.records.role import check_role

    migrate()
    check_role()
    call_command("collectstatic", interactive=False, verbosity=0)


def _tell_address() -> None:
    from django.conf import settings
    from django.db import connections

    from cersgroups.actions.first_admin import is_first_start

    tell(f"cersgroups is at {settings.URL} (stop it with Ctrl-C).")
    if is_first_start():
        tell(f"Nobody has an account yet. Make the first admin, within 24 hours: {first_admin_link()}")
    connections.close_all()


@contextmanager
def worker(*, wanted: bool = True) -> Iterator[None]:
    """A worker beside us: it ends with us, also when we are killed, because its input ends."""
    if not wanted:
        yield
        return
    command = [sys.executable, "-m", "cersgroups", "worker", "--until-input-ends"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        yield
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _serve(host: str, port: int, processes: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "cersgroups.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=4,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()
