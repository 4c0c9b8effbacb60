"""What each process of the web server does: answer, and end when the server that started it is gone."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from importlib import import_module


def load_application() -> Callable[..., object]:
    """The application that the process answers with. Called by granian in the process.

    It leaves the terminal: Ctrl-C tells the server alone, and the server tells its processes. Told by both at once,
    a process of granian 2.8.7 now and then hears neither.
    """
    os.setsid()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    application: Callable[..., object] = import_module("cersgroups.config.wsgi").application
    return application


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
