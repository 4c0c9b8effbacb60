"""Log lines without anybody's data: of an exception they show where and what kind, never its text."""

import logging
import traceback
from types import TracebackType


class QuietFormatter(logging.Formatter):
    """An exception's text may quote a cell of the roster or a value of a query; its place in the code does not."""

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _exception, trace = ei
        lines = "".join(traceback.format_tb(trace)).rstrip()
        return f"{lines}\n{kind.__module__}.{kind.__qualname__}" if kind else lines
