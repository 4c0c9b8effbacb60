"""A worker on a machine that is odd: python -m tests.fault.odd_worker [--read-only FOLDER] [--clock FILE] MORE...

`--read-only`: the filesystem of that folder is mounted read-only, for this process alone; `let_write` ends it.
`--clock`: the clock is ahead by as many seconds as the file says, at each look; behind, if it is negative.
MORE goes to tests.fault.killable_worker.
"""

import argparse
import ctypes
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.fault import killable_worker

_CLONE_NEWNS = 0x20000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--read-only", type=Path)
    parser.add_argument("--clock", type=Path)
    args, more = parser.parse_known_args()
    if args.read_only:
        _mount_read_only(args.read_only)
    if args.clock:
        killable_worker._when_django_is_set_up(lambda: _turn_clock(args.clock))
    sys.argv[1:] = more
    killable_worker.main()


def can_mount() -> bool:
    """Whether this machine lets us mount: root with CAP_SYS_ADMIN, which some containers do not give."""
    done = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], check=False)
    return done.returncode == 0


def let_write(pid: int, folder: Path) -> None:
    """The folder's filesystem is writable again for the odd worker `pid`, which goes on."""
    subprocess.run(
        ["nsenter", f"--mount=/proc/{pid}/ns/mnt", "mount", "-o", "remount,bind,rw", str(folder)], check=True
    )


def _mount_read_only(folder: Path) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "no mounts of our own")
    for command in (
        ["mount", "--make-rprivate", "/"],
        ["mount", "--bind", str(folder), str(folder)],
        ["mount", "-o", "remount,bind,ro", str(folder)],
    ):
        subprocess.run(command, check=True)
    assert os.statvfs(folder).f_flag & os.ST_RDONLY


def _turn_clock(file: Path) -> None:
    """Everything of the worker that asks what time it is; the database is turned by tests/fault/test_clock.py."""
    import time

    import procrastinate.utils
    from django.utils import timezone

    def ahead() -> float:
        return float(file.read_text())

    true_time, true_now, true_utcnow = time.time, timezone.now, procrastinate.utils.utcnow
    time.time = lambda: true_time() + ahead()
    timezone.now = lambda: true_now() + timedelta(seconds=ahead())
    procrastinate.utils.utcnow = lambda: true_utcnow() + timedelta(seconds=ahead())


if __name__ == "__main__":
    main()
