"""What the web server says of itself looks as all other lines do (docs/monitoring.md)."""

import json
import logging

import pytest
from granian.log import LogLevels, configure_logging

from cersgroups.cli.serve import _log_configuration
from cersgroups.config.log import FORMATTERS


def line(message: str) -> str:
    """A line of the server's as it would be written."""
    configure_logging(LogLevels.info, _log_configuration({"formatters": FORMATTERS}))
    logger = logging.getLogger("_granian")
    [handler] = logger.handlers
    return handler.format(logger.makeRecord(logger.name, logging.INFO, __file__, 1, message, (), None))


def test_where_lines_are_json_the_servers_own_are_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERSGROUPS_LOG_FORMAT", "json")
    entry = json.loads(line("Started worker-1"))
    assert (entry["level"], entry["message"]) == ("INFO", "Started worker-1")


def test_else_they_are_sentences() -> None:
    assert line("Started worker-1") == "[INFO] Started worker-1"
