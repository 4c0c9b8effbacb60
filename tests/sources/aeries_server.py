"""A stand-in for the Aeries API v5 over HTTP, for tests only: `with AeriesServer(roster_folder) as aeries: aeries.url`.

As a process (`python -m tests.sources.aeries_server FOLDER`) it prints the settings to enter, as JSON, and runs until
its input ends.
"""

import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.sources.aeries_district import District, Row, Spelling

CERTIFICATE = "Stand1nCertificate0000000000abcd"
TODAY = "2026-11-23"
_ROWS_AT_ONCE = 500

Edit = Callable[[str, list[Row]], list[Row]]
"""Changes the rows of an answer, by the end of its address, such as `schools/994/terms`."""


@dataclass
class Behaviour:
    """What this Aeries does wrong, or otherwise than usual. Addresses are those behind /api/v5/, without `?`.

    `refused`: permissions that were not granted; `busy`: how many requests first get 429 with `retry_after` seconds;
    `cut_from`: the request, counted from 0, from which on nothing is answered; `half` and `broken`: addresses whose
    body ends in the middle, or is no JSON (`half_times`: only so often); `short_pages`: students who are missing from
    each page; `growing`: somebody enrolls with every page; `ignores_paging`: every page holds all; `repeat`: how often
    class records are told, each time of other students.
    """

    refused: set[str] = field(default_factory=set)
    refused_with: int = 403
    years: tuple[str, ...] = ("2026-2027", "2025-2026")
    default_year: str = "2025-2026"
    busy: int = 0
    retry_after: str = "0"
    cut_from: int | None = None
    half: str = ""
    half_times: int = 1_000_000
    broken: str = ""
    slow: float = 0
    short_pages: int = 0
    growing: bool = False
    ignores_paging: bool = False
    repeat: int = 1
    edit: Edit | None = None


@dataclass(frozen=True)
class _Area:
    """One kind of address: what it needs, and its rows (None: no such thing)."""

    address: re.Pattern[str]
    permission: str
    rows: Callable[..., Iterable[Row] | None]
    single: bool = False


class AeriesServer:
    """Listens on 127.0.0.1. `requests` are the addresses that were asked for, with their query; `most_at_once` is how
    many were being answered at one time.
    """

    def __init__(self, roster: Path, behaviour: Behaviour | None = None, spelling: Spelling | None = None) -> None:
        self.behaviour = behaviour or Behaviour()
        self.district = District(roster, spelling or Spelling(), TODAY)
        self.requests: list[str] = []
        self.most_at_once = self._now = 0
        self._lock = threading.Lock()
        self._areas = _areas(self)
        handler = type("Request", (_Request,), {"aeries": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/aeries"

    def settings(self, **more: str) -> dict[str, str]:
        """What a person would enter."""
        return {"address": self.url, "certificate": CERTIFICATE, **more}

    def note(self, address: str) -> int:
        """The place of this request among all."""
        with self._lock:
            self.requests.append(address)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            return len(self.requests) - 1

    def note_end(self) -> None:
        with self._lock:
            self._now -= 1

    def is_busy(self) -> bool:
        with self._lock:
            self.behaviour.busy -= 1
            return self.behaviour.busy >= 0

    def breaks_off(self, address: str) -> bool:
        with self._lock:
            if address != self.behaviour.half or not self.behaviour.half_times:
                return False
            self.behaviour.half_times -= 1
            return True

    def area(self, address: str) -> tuple[_Area, re.Match[str]] | None:
        found = ((area, area.address.fullmatch(address)) for area in self._areas)
        return next(((area, match) for area, match in found if match), None)

    def page(self, school: str, query: dict[str, str]) -> Iterable[Row]:
        """StartingRecord and EndingRecord count from 1, both inclusive."""
        first, last = int(query.get("StartingRecord", 1)), int(query.get("EndingRecord", 10**9))
        behaviour = self.behaviour
        if behaviour.ignores_paging:
            first, last = 1, 10**9
        if behaviour.growing and first > 1:
            first, last = first - 1, last - 1
        if behaviour.edit:
            whole = behaviour.edit(f"schools/{school}/students", list(self.district.student_rows(school, 1, 10**9)))
            return whole[first - 1 : last]
        rows = self.district.student_rows(school, first, last)
        return list(rows)[: -behaviour.short_pages] if behaviour.short_pages and last > first else rows

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=partial(self._server.serve_forever, 0.02), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _areas(aeries: AeriesServer) -> list[_Area]:
    district = aeries.district
    here = r"schools/(?P<school>\w+)"

    def area(address: str, permission: str, rows: Callable[..., Iterable[Row] | None], single: bool = False) -> _Area:
        return _Area(re.compile(address), permission, rows, single)

    def repeated(school: str, **_: Any) -> Iterator[Row]:
        for turn in range(aeries.behaviour.repeat):
            for row in district.class_rows(school):
                yield {**row, "StudentID": f"{row['StudentID']}-{turn}"} if turn else row

    def of_school(rows: Callable[[str], Iterable[Row]]) -> Callable[..., Iterable[Row]]:
        return lambda school, **_: rows(school)

    def nothing(**_: Any) -> None:
        return None

    return [
        area("schools", "", lambda **_: district.school_rows()),
        area(f"{here}/terms", "Terms", of_school(district.term_rows)),
        area("courses", "Course Data", lambda **_: district.course_rows()),
        area(r"courses/\w+", "Course Data", nothing, single=True),
        area("staff", "Staff Data", lambda **_: district.staff_rows()),
        area(f"{here}/teachers", "Teacher Data", of_school(district.teacher_rows)),
        area(f"{here}/students", "Student Data", lambda school, query: aeries.page(school, query)),
        area(f"{here}/sections", "Master Schedule", of_school(district.section_rows)),
        area(rf"{here}/sections/\w+", "Master Schedule", nothing, single=True),
        area(f"{here}/classes", "Class Schedules/History", repeated),
        area(rf"{here}/sections/\w+/students", "Class Schedules/History", lambda **_: ()),
        area(f"{here}/StudentGroups", "Student Groups", of_school(district.group_rows)),
    ]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = socket.SOMAXCONN

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle is no fault; any other error is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Request(BaseHTTPRequestHandler):
    aeries: AeriesServer
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16

    def do_GET(self) -> None:
        """Answers as documented, unless the behaviour says otherwise."""
        try:
            self._answer()
        finally:
            self.aeries.note_end()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        address = parts.path.removeprefix("/aeries/api/v5/")
        behaviour = self.aeries.behaviour
        place = self.aeries.note(f"{address}?{parts.query}")
        if behaviour.cut_from is not None and place >= behaviour.cut_from:
            self._hang_up()
            return
        time.sleep(behaviour.slow)
        if self.aeries.is_busy():
            self._message(429, "Too many requests", {"Retry-After": behaviour.retry_after})
        elif address == "systeminfo":
            self._whole(self._system(query))
        elif self.headers.get("AERIES-CERT") != CERTIFICATE:
            self._message(401, f"The certificate {self.headers.get('AERIES-CERT')} is not valid.")
        else:
            self._area(address, query)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Says nothing."""

    def _area(self, address: str, query: dict[str, str]) -> None:
        found, behaviour = self.aeries.area(address), self.aeries.behaviour
        if found is None:
            self._message(404, "No HTTP resource was found.")
            return
        area, match = found
        if area.permission in behaviour.refused:
            self._message(behaviour.refused_with, "Authorization has been denied for this request.")
            return
        rows = area.rows(query=query, **match.groupdict()) if match.groupdict() else area.rows(query=query)
        if rows is None:
            self._message(404, "Not found.")
        elif behaviour.broken == address:
            self._whole("<html>Sign in</html>")
        else:
            edit = None if address.endswith("/students") else behaviour.edit  # a page's rows are edited already
            self._stream(edit(address, list(rows)) if edit else rows, address)

    def _system(self, query: dict[str, str]) -> str:
        behaviour = self.aeries.behaviour
        served = next((y for y in behaviour.years if y[:4] == query.get("DatabaseYear")), behaviour.default_year)
        return json.dumps(
            {
                "AeriesVersion": "9.26.8.1",
                "DatabaseYear": served,
                "AvailableDatabaseYears": behaviour.years,
                "LocalTimeZoneName": "(UTC-08:00) Pacific Time (US & Canada)",
                "CurrentDateTime": f"{TODAY}T11:13:38.9539491-08:00",
            }
        )

    def _stream(self, rows: Iterable[Row], address: str) -> None:
        breaks_off = self.aeries.breaks_off(address)
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        waiting, separator = iter(rows), "["
        while some := list(islice(waiting, _ROWS_AT_ONCE)):
            text = separator + json.dumps(some, ensure_ascii=False, separators=(",", ":"))[1:-1]
            separator = ","
            self._chunk(text[: len(text) // 2] if breaks_off else text)
            if breaks_off:
                break
        if breaks_off:
            self._hang_up()
            return
        self._chunk("[]" if separator == "[" else "]")
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _whole(self, text: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": "application/json", "Content-Length": len(body)}.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def _message(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        self._whole(json.dumps({"Message": message}), status, headers)

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    with AeriesServer(Path(sys.argv[1])) as standing_in:
        print(json.dumps(standing_in.settings()), flush=True)  # noqa: T201 - standard output is the protocol
        sys.stdin.read()
