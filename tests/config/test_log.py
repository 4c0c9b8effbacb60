"""Log lines tell where something failed and never what the data was."""

import json
import logging
from typing import ClassVar

from cersgroups.config.log import JsonFormatter, QuietFormatter

LINE = QuietFormatter("{levelname} {message}", style="{")


def line_of(exception: Exception, formatter: logging.Formatter = LINE) -> str:
    try:
        raise exception
    except type(exception) as e:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "job failed", (), (type(e), e, e.__traceback__))
    return formatter.format(record)


def test_an_exceptions_place_and_kind_are_logged_but_not_its_text() -> None:
    line = line_of(ValueError("could not convert 'Maria Student' to a date"))
    assert "Maria" not in line
    assert line.startswith("ERROR job failed\n")
    assert "in line_of" in line
    assert line.endswith("builtins.ValueError")


def test_a_line_without_an_exception_is_as_ever() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "started", (), None)
    assert QuietFormatter("{message}", style="{").format(record) == "started"


def test_a_json_line_is_one_object_with_the_same_content() -> None:
    entry = json.loads(line_of(ValueError("could not convert 'Maria Student'"), JsonFormatter()))
    assert set(entry) == {"at", "level", "logger", "message", "where"}
    assert (entry["level"], entry["logger"], entry["message"]) == ("ERROR", "x", "job failed")
    assert "Maria" not in json.dumps(entry)
    assert entry["where"].endswith("builtins.ValueError")


class Request:
    """As a door leaves it on which somebody was refused."""

    asked_by: ClassVar = {"person": 17, "lea": 3}


def test_a_line_about_a_request_says_by_numbers_who_asked() -> None:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "Forbidden: /people/", (), None)
    record.request = Request()
    assert LINE.format(record) == "WARNING Forbidden: /people/ (person 17, lea 3)"
    entry = json.loads(JsonFormatter().format(record))
    assert (entry["message"], entry["person"], entry["lea"]) == ("Forbidden: /people/", 17, 3)


def test_a_line_about_a_request_of_nobody_is_as_ever() -> None:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "Not Found: /x", (), None)
    record.request = object()
    assert LINE.format(record) == "WARNING Not Found: /x"
    assert set(json.loads(JsonFormatter().format(record))) == {"at", "level", "logger", "message"}
