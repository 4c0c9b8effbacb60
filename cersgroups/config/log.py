"""Log lines without anybody's data: of an exception they show where and what kind, never its text."""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

from cersgroups.core.error import RequestStop


class QuietFormatter(logging.Formatter):
    """An exception's text may quote a cell of the roster or a value of a query; its place in the code does not."""

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _exception, trace = ei
        lines = "".join(traceback.format_tb(trace)).rstrip()
        return f"{lines}\n{kind.__module__}.{kind.__qualname__}" if kind else lines


class JsonFormatter(QuietFormatter):
    """One JSON object a line: at (UTC), level, logger, message; of an exception also `where`, as above."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["where"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


FORMATTERS = {
    "line": {
        "()": "cersgroups.config.log.QuietFormatter",
        "format": "{asctime} {levelname} {name}: {message}",
        "style": "{",
    },
    "json": {"()": "cersgroups.config.log.JsonFormatter"},
}


def log_format(name: str) -> str:
    """Raises RequestStop unless it is one of FORMATTERS."""
    if name not in FORMATTERS:
        raise RequestStop(f"CERSGROUPS_LOG_FORMAT is {name!r}. Write {' or '.join(FORMATTERS)}.")
    return name
