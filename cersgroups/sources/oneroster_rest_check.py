"""The test of a connection to a OneRoster server: the sign-in, each collection, and the school year."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from cersgroups.core.error import Stop
from cersgroups.sources.exchange import Patience, Refused, Server
from cersgroups.sources.live import Check, Settings, school_year_of
from cersgroups.sources.oauth2 import ClientCredentials
from cersgroups.sources.oneroster_rest_page import ask, total_of
from cersgroups.sources.oneroster_rest_row import COLLECTIONS
from cersgroups.sources.oneroster_rest_settings import NAME, Connection, connection
from cersgroups.sources.oneroster_session import year_of

PATIENCE = Patience(silence=30, attempts=2)
"""Somebody waits."""

_YEAR = "School year"


def check(settings: Settings, as_of: date) -> list[Check]:
    """One line for the settings or the sign-in, then one for each collection and one for the school year."""
    try:
        meant = connection(settings)
        with meant.open(PATIENCE) as (server, tokens):
            return list(_lines(server, tokens, meant, as_of))
    except Stop as stop:
        return [Check("Settings", False, str(stop))]


def _lines(server: Server, tokens: ClientCredentials | None, meant: Connection, as_of: date) -> Iterator[Check]:
    """Where nobody answers, one line is enough."""
    if tokens:
        try:
            tokens.token()
        except Stop as stop:
            yield Check("Sign-in", False, str(stop))
            return
        yield Check("Sign-in", True, "The server gave a token.")
    for name in COLLECTIONS:
        try:
            yield Check(name, True, _found(server, name))
        except Refused as refused:
            yield Check(name, False, str(refused))
        except Stop as stop:
            yield Check(name, False, str(stop))
            return
    yield from _year(server, meant, as_of)


def _found(server: Server, name: str) -> str:
    answer = ask(server, name, limit=1)
    try:
        found = sum(1 for _ in answer.rows(name))
        total = total_of(answer)
    finally:
        answer.close()
    if total is not None:
        return f"The server has {total:,} {name}."
    return f"The server has {name}." if found else f"The server answers, but has no {name}."


def _year(server: Server, meant: Connection, as_of: date) -> Iterator[Check]:
    """Whether a session is of the school year that is asked for; nothing if they cannot be read."""
    year = school_year_of(as_of)
    try:
        answer = ask(server, "academicSessions", limit=meant.limit)
        try:
            years = {found for row in answer.rows("academicSessions") if (found := _year_of(row.get("endDate")))}
        finally:
            answer.close()
    except Stop:
        return
    if year in years:
        yield Check(_YEAR, True, f"The server has sessions of {year - 1}-{year}.")
    elif years:
        shown = ", ".join(f"{found - 1}-{found}" for found in sorted(years))
        yield Check(_YEAR, False, f"{NAME}: no session is of {year - 1}-{year}, only of {shown}. Ask whoever runs it.")


def _year_of(day: Any) -> int | None:
    try:
        return year_of(date.fromisoformat(str(day)[:10]).isoformat())
    except ValueError:
        return None
