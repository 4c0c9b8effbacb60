"""The installation's virus scanner (CERSGROUPS_SCANNER): no uploaded roster is kept that it did not let pass."""

import logging
import subprocess
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from django.conf import settings

from cersgroups.core import environment
from cersgroups.core.error import RequestStop

log = logging.getLogger(__name__)

PATIENCE = 300
"""Seconds that the scanner may take for all files of an upload."""

_TURN = 5
"""Seconds that an upload waits for the one before it: a scanner that hangs keeps one thread of the pages, not all."""

_scanning = Lock()

_PASSED, _REFUSED = 0, 1
"""How clamscan, clamdscan and others end; with any other number they could not look."""


def scan(files: Sequence[Path]) -> None:
    """Raises RequestStop for what the scanner refuses, and where it cannot look: what nobody looked at is not kept."""
    if not settings.SCANNER:
        return
    if not _scanning.acquire(timeout=_TURN):
        raise RequestStop(
            "The virus scanner of this installation is looking at another upload, so nothing of this one was kept. Try "
            "again in a few minutes."
        )
    try:
        ended = _ending(files)
    finally:
        _scanning.release()
    if ended == _REFUSED:
        log.warning("An upload was refused by the virus scanner")
        raise RequestStop(
            "The virus scanner of this installation refused the upload, so nothing of it was kept. Export the roster "
            "anew, and if it is refused again, ask the person who runs this system."
        )
    if ended != _PASSED:
        log.error("The virus scanner (CERSGROUPS_SCANNER) could not look at an upload: %s", ended)
        raise RequestStop(
            "The virus scanner of this installation could not look at the upload, so nothing of it was kept. Try "
            "again, and if it happens again, tell the person who runs this system."
        )


def _ending(files: Sequence[Path]) -> int | str:
    """The number with which the scanner ended, or why there is none."""
    command = [settings.SCANNER, *map(str, files)]
    nothing = subprocess.DEVNULL
    try:
        return subprocess.run(  # noqa: S603 - the operator's own command, no shell
            command,
            env=environment.of_others(),
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            timeout=PATIENCE,
            check=False,
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
