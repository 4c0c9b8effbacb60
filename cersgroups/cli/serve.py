"""`cersgroups serve`: the web server, the worker and the embedded database in one command."""

import argparse
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from cersgroups.cli.application import application, migrate
from cersgroups.cli.database_keeper import kept_database
from cersgroups.cli.ending import ends_cleanly
from cersgroups.cli.first_admin import first_admin_link
from cersgroups.cli.progress import tell
from cersgroups.cli.web_process import load_application
from cersgroups.cli.worker_keeper import kept_worker
from cersgroups.core import environment
from cersgroups.core.environment_setting import SETTINGS
from cersgroups.core.error import RequestStop

_HOST, _PORT = SETTINGS["CERSGROUPS_HOST"].default, SETTINGS["CERSGROUPS_PORT"].default

_STOP_SECONDS = 50
"""What is being answered when the server is told to end has as long, then its process is killed; systemd waits 60."""

_ENDING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}

_STANDARD_ERROR = {"class": "logging.StreamHandler", "formatter": "generic", "stream": "ext://sys.stderr"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="ADDRESS", help=f"where to listen (default: CERSGROUPS_HOST, else {_HOST})")
    parser.add_argument(
        "--port", metavar="N", type=int, help=f"0: any free one (default: CERSGROUPS_PORT, else {_PORT})"
    )
    parser.add_argument("--processes", metavar="N", type=int, default=1, help="of the web server (default: 1)")
    parser.add_argument("--no-worker", action="store_true", help="jobs are done by `cersgroups worker` elsewhere")


def run(args: argparse.Namespace) -> int:
    host = args.host or environment.text("CERSGROUPS_HOST")
    port = free_port(host, environment.number("CERSGROUPS_PORT") if args.port is None else args.port)
    os.environ |= {"CERSGROUPS_HOST": host, "CERSGROUPS_PORT": str(port)}
    with ends_cleanly(), kept_database(), application():
        prepare()
        _tell_address()
        with kept_worker(wanted=not args.no_worker):
            answer(host, port, args.processes)
    return 0


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or for 0 any free one. Raises RequestStop if nobody can listen there."""
    try:
        with socket.create_server((host, wanted), family=_family(host)) as probe:
            return int(probe.getsockname()[1])
    except (OSError, ValueError, OverflowError) as e:
        raise RequestStop(f"{host}:{wanted}: cannot listen there ({e}). Choose another --host or --port.") from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def prepare() -> None:
    """Tables and assets are up to date.

    Raises RequestStop if the assets were never built, or the application's role could see too much.
    """
    from django.contrib.staticfiles import finders
    from django.core.management import call_command

    from cersgroups.records.role import check_role

    if finders.find("web/app.css") is None:
        raise RequestStop("The styles and scripts of the pages are not built. Build them: make assets")
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


def answer(host: str, port: int, processes: int = 1, ready: Callable[[], None] | None = None) -> None:
    """Answer requests until told to end. `ready` is called once somebody can ask; without it, the server tells."""
    from django.conf import settings
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    # a forked process would hold our locks and the worker's input open after we are killed
    multiprocessing.set_start_method("spawn", force=True)
    # of glibc's memory each thread would get a pool of its own, none of which ever becomes smaller
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    server = Server(
        "cersgroups.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=4,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning if ready else LogLevels.info,
        log_dictconfig=_log_configuration(settings.LOGGING),
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
    )
    _hear_once(server)
    # where its terminal closes, granian would only start again
    hears = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    server.on_startup(lambda: _hear_hangup(server.signal_handler_interrupt if hears else signal.SIG_IGN))
    if ready:
        threading.Thread(target=_when_it_answers, args=(host, port, ready), daemon=True).start()
    server.serve(target_loader=load_application, wrap_loader=False)


def _log_configuration(ours: Mapping[str, Any]) -> dict[str, object]:
    """The server's own lines go where all others go, and are JSON if those are; what is not said here is granian's."""
    configuration: dict[str, object] = {"handlers": dict.fromkeys(("console", "access"), _STANDARD_ERROR)}
    if environment.choice("CERSGROUPS_LOG_FORMAT") == "json":
        configuration["formatters"] = {"generic": ours["formatters"]["json"]}
    return configuration


def _hear_once(server: Any) -> None:
    """However many signals tell granian's server to end, and however quickly one comes after the other, it ends.

    Granian's handler sets a `threading.Event`, for the lock of which a second signal waits within the first for ever:
    sudo passes on a signal that its whole group has got, people press Ctrl-C twice. So no handler does anything: Python
    writes the signal's number into a pipe, whatever its threads are doing, and a thread that reads there tells granian.
    """
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    interrupt = server.signal_handler_interrupt

    def tell_server() -> None:
        while not _ENDING.intersection(os.read(reads, 64)):
            pass
        interrupt()

    threading.Thread(target=tell_server, daemon=True).start()
    server.signal_handler_interrupt = lambda *_: None
    signal.set_wakeup_fd(writes, warn_on_full_buffer=False)


def _when_it_answers(host: str, port: int, ready: Callable[[], None]) -> None:
    while True:
        with suppress(OSError), socket.create_connection((host, port), timeout=1):
            ready()
            return
        time.sleep(0.05)


def _hear_hangup(handler: Callable[..., None] | signal.Handlers) -> None:
    signal.signal(signal.SIGHUP, handler)
