"""Log lines tell where something failed and never what the data was."""

import logging

from cersgroups.config.log import QuietFormatter


def line_of(exception: Exception) -> str:
    try:
        raise exception
    except type(exception) as e:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "job failed", (), (type(e), e, e.__traceback__))
    return QuietFormatter("{levelname} {message}", style="{").format(record)


def test_an_exceptions_place_and_kind_are_logged_but_not_its_text() -> None:
    line = line_of(ValueError("could not convert 'Maria Student' to a date"))
    assert "Maria" not in line
    assert line.startswith("ERROR job failed\n")
    assert "in line_of" in line
    assert line.endswith("builtins.ValueError")


def test_a_line_without_an_exception_is_as_ever() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "started", (), None)
    assert QuietFormatter("{message}", style="{").format(record) == "started"
