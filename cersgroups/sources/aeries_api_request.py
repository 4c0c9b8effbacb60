"""Asking one Aeries by its API v5: address, certificate and school year; what a refusal means; several at a time.

Source: reference "SIS sources", 1.1. Aeries says DatabaseYear by the first half of the school year.
"""

import re
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from types import TracebackType
from typing import Any, Self

from cersgroups.core.error import DataStop
from cersgroups.core.roster import year_name
from cersgroups.sources.aeries_api_cell import text
from cersgroups.sources.exchange import Answer, Patience, Refused, Server
from cersgroups.sources.live import Settings, school_year_of

TERMS = "Terms"
STUDENTS = "Student Data"
SECTIONS = "Master Schedule"
CLASSES = "Class Schedules/History"
COURSES = "Course Data"
STAFF = "Staff Data"
TEACHERS = "Teacher Data"
GROUPS = "Student Groups"
"""The permissions ("security areas") that a district grants to a certificate; schools need none."""

_VERSION = re.compile(r"(/api(/v\d+)?)?/*$")
_NOT_ALLOWED = (401, 403)


class Aeries:
    """One Aeries in one school year, for use in a `with`; may be used by several threads."""

    def __init__(self, settings: Settings, as_of: date, patience: Patience | None = None) -> None:
        """`settings` are complete. Raises RequestStop for an address that is none."""
        certificate = settings["certificate"]
        self.school_year = int(settings["school_year"] or school_year_of(as_of))
        self.as_of = as_of
        self.at_once = int(settings["concurrency"])
        self.page_size = int(settings["page_size"])
        self._server = Server(
            "Aeries",
            _VERSION.sub("/api/v5", settings["address"].strip(), count=1),
            headers={"AERIES-CERT": certificate, "Accept": "application/json"},
            secrets=(certificate,),
            patience=patience,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        self._server.__exit__(kind, e, at)

    def get(self, path: str, permission: str = "", **params: str | int) -> Answer:
        """The whole answer. Raises DataStop; where the permission is missing, it says which to grant."""
        try:
            return self._server.get(path, {"DatabaseYear": self.school_year - 1, **params})
        except Refused as refused:
            raise _explained(refused, permission) from None

    def time_zone(self) -> str:
        """The LEA's time zone, or blank. Raises DataStop if Aeries answers for another year than was asked for."""
        answer = self.get("systeminfo")
        info = answer.json()
        answer.close()
        served = text(info.get("DatabaseYear")) if isinstance(info, dict) else ""
        if not served:
            raise DataStop(f"{answer.request}: the answer has no DatabaseYear. Check that the address is of Aeries.")
        if not served.startswith(str(self.school_year - 1)):
            raise DataStop(_other_year(answer.request, served, info, self.school_year))
        return "America/Los_Angeles" if "pacific" in text(info.get("LocalTimeZoneName")).casefold() else ""


def in_order(fetches: Sequence[Callable[[], Any]], at_once: int) -> Generator[Any, None, None]:
    """The results in their order, fetched by so many threads a little ahead of who reads; close it at the end."""
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="aeries")
    waiting: deque[Future[Any]] = deque()
    try:
        for fetch in fetches:
            waiting.append(pool.submit(fetch))
            if len(waiting) > 2 * at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _explained(refused: Refused, permission: str) -> Refused:
    status = refused.http_status
    if status in _NOT_ALLOWED and permission:
        what = f"Grant the certificate the permission “{permission}” (read) on Aeries' page API Security."
    elif status in _NOT_ALLOWED:
        what = "Check the certificate: 32 letters and digits, as Aeries' page API Security shows them."
    elif status == 404 and permission:
        what = "This Aeries has no such thing: it may be too old for version 5 of the API."
    elif status == 404:
        what = "Check the address: it is what stands before /api/v5."
    else:
        return refused
    return Refused(f"{refused} {what}", status)


def _other_year(request: str, served: str, info: dict[str, Any], school_year: int) -> str:
    years = info.get("AvailableDatabaseYears")
    available = ", ".join(map(text, years)) if isinstance(years, list) and years else "not told"
    return (
        f"{request}: Aeries answers for {served}, not for {year_name(school_year)}. Years available there: {available}."
        " Choose one of them, or ask whoever runs Aeries to open the year to the API."
    )
