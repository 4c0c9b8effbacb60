"""What each process of the web server does: answer, and end when the server that started it is gone."""

import atexit
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module

_SWITCH_SECONDS = 0.0005
"""How long a request may keep the thread of previews waiting each time that it comes out of the database of rosters:
it does so some sixty times a preview, and with Python's own 5 ms it waited longer than it counted.
"""


def load_application() -> Callable[..., object]:
    """The application that the process answers with. Called by granian in the process.

    It leaves the terminal: Ctrl-C tells the server alone, and the server tells its processes. Told by both at once,
    a process of granian 2.8.7 now and then hears neither.
    """
    os.setsid()
    sys.setswitchinterval(_SWITCH_SECONDS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    application: Callable[..., object] = import_module("cersgroups.config.wsgi").application
    _load_pages()
    _keep_cache_small()
    return application


def _load_pages() -> None:
    """Before anybody asks; and what is there then stays, so the garbage collector need not look at it again.

    Else it stopped every answer in which many objects are made for a tenth of a second.
    """
    from django.urls import get_resolver

    assert get_resolver().url_patterns  # noqa: S101 - to have them imported
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # else DuckDB complains of what it still finds then


def _keep_cache_small() -> None:
    """Once there is an application; else Django is not set up."""
    from cersgroups.jobs.cache import keep_cache_small

    keep_cache_small()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
