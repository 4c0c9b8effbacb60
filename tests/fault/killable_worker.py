"""`cersgroups worker` as it is, with one of its steps made deadly: python -m tests.fault.killable_worker --help.

The program itself knows nothing of this: the functions are wrapped from outside, in this process only.
"""

import argparse
import inspect
import os
import resource
import signal
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import cersgroups.cli.main
from tests.fault.boundary import Boundary


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--note", type=Path, required=True, help="gets its worker's numbers, and where it died")
    parser.add_argument("--step", help="the step to die at")
    parser.add_argument("--when", choices=["before", "after"])
    parser.add_argument("--largest-file", type=int, help="bytes that fit into a file, as on a full disk")
    parser.add_argument("--quick", action="store_true", help="dead workers are noticed within two seconds")
    args = parser.parse_args()
    _when_django_is_set_up(lambda: _arm(args))
    raise SystemExit(cersgroups.cli.main.main(["worker"]))


def _when_django_is_set_up(do: Callable[[], None]) -> None:
    import django

    set_up = django.setup

    def and_then(set_prefix: bool = True) -> None:
        set_up(set_prefix)
        do()

    django.setup = and_then


def _arm(args: argparse.Namespace) -> None:
    _note_worker_numbers(args.note)
    if args.quick:
        _be_quick()
    if args.largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (args.largest_file, args.largest_file))
    if args.step:
        _make_deadly(Boundary(args.step, args.when), args.note)


def _note_worker_numbers(note: Path) -> None:
    from procrastinate.manager import JobManager

    register = JobManager.register_worker

    async def noting(self: JobManager) -> int:
        number = await register(self)
        with note.open("a") as file:
            file.write(f"{number}\n")
        return number

    JobManager.register_worker = noting  # type: ignore[method-assign]


def _be_quick() -> None:
    import attr
    from procrastinate.contrib.django import app

    from cersgroups.jobs import rescue

    rescue.HEARTBEAT_SECONDS, rescue.DEAD_AFTER_SECONDS, rescue.LOOK_SECONDS = 0.3, 1.5, 0.3
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    tasks = app.periodic_registry.periodic_tasks
    for name in (("rescue_jobs", "rescue"), ("do_what_is_due", "due")):
        tasks[name] = attr.evolve(tasks[name], cron="* * * * * *")


def _make_deadly(boundary: Boundary, note: Path) -> None:
    module, _, name = boundary.step.partition(":")
    *owners, last = name.split(".")
    owner: Any = import_module(module)
    for each in owners:
        owner = getattr(owner, each)
    step = getattr(owner, last)

    def die() -> None:
        with note.open("a") as file:
            file.write(f"{boundary}\n")
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, last, (_asynchronous if inspect.iscoroutinefunction(step) else _plain)(step, boundary, die))


def _plain(step: Callable[..., Any], boundary: Boundary, die: Callable[[], None]) -> Callable[..., Any]:
    @wraps(step)
    def deadly(*args: Any, **kwargs: Any) -> Any:
        if boundary.when == "before":
            die()
        try:
            return step(*args, **kwargs)
        finally:
            die()

    return deadly


def _asynchronous(step: Callable[..., Any], boundary: Boundary, die: Callable[[], None]) -> Callable[..., Any]:
    """Of the queue: only for jobs that do something, not for the look at the clock."""

    from cersgroups.actions.enqueue import HEAVY, QUICK

    @wraps(step)
    async def deadly(self: object, job: Any, *args: Any, **kwargs: Any) -> Any:
        if job.queue in (QUICK, HEAVY) and boundary.when == "before":
            die()
        done = await step(self, job, *args, **kwargs)
        if job.queue in (QUICK, HEAVY):
            die()
        return done

    return deadly


if __name__ == "__main__":
    main()
