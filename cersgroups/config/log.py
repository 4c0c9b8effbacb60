"""Log lines without anybody's data: of an exception its place and kind, never its text; of people numbers."""

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType


class QuietFormatter(logging.Formatter):
    """An exception's text may quote a cell of the roster or a value of a query; its place in the code does not."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        who = ", ".join(f"{what} {number}" for what, number in asked_by(record).items())
        return super().formatMessage(record) + (f" ({who})" if who else "")

    def formatException(  # noqa: N802 - logging's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, _exception, trace = ei
        lines = "".join(traceback.format_tb(trace)).rstrip()
        return f"{lines}\n{kind.__module__}.{kind.__qualname__}" if kind else lines


class JsonFormatter(QuietFormatter):
    """One JSON object a line: at (UTC), level, logger, message; of a request also `person` and `lea`, as far as they
    are known; of an exception also `where`, as above."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **asked_by(record),
        }
        if record.exc_info:
            entry["where"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def asked_by(record: logging.LogRecord) -> dict[str, int]:
    """Of a line about a request, such as a refusal: the numbers of the person who asked, and of the LEA.

    Both doors write them on the request (web/access.py, api/access.py); nothing is looked up here.
    """
    return getattr(getattr(record, "request", None), "asked_by", {})


FORMATTERS = {
    "line": {
        "()": "cersgroups.config.log.QuietFormatter",
        "format": "{asctime} {levelname} {name}: {message}",
        "style": "{",
    },
    "json": {"()": "cersgroups.config.log.JsonFormatter"},
}
