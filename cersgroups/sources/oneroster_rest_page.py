"""A collection of a OneRoster server, read whole, page by page.

Servers differ: some give the address of the next page (`Link`), some want an offset; some give fewer rows than asked
for, or all of them whatever was asked; some say how many there are (`X-Total-Count`), some wrongly. So without a `Link`
we ask on until nothing new comes, and rows are counted by their sourcedId.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from cersgroups.core.error import DataStop
from cersgroups.sources.address import parts_of
from cersgroups.sources.exchange import Answer, Refused, Server
from cersgroups.sources.oneroster_rest_row import Json

Told = Callable[[int, int | None], None]
"""Called after each page with the rows so far, and how many the server says there are."""

_LINK = re.compile(r"<([^>]*)>([^<]*)")
_TOTAL = re.compile(r"\d{1,18}", re.ASCII)
_REL = re.compile(r'\brel\s*=\s*"?([^";,]*)', re.IGNORECASE)

_ADVICE = {
    400: "Perhaps it wants fewer rows per request.",
    401: "Ask whoever runs it to let this client read {name}.",
    403: "Ask whoever runs it to let this client read {name}.",
    404: "Check the base address: it ends where /{name} follows.",
}


@dataclass
class Reading:
    """One reading of a collection: iterate over `rows`, then ask `missing`.

    `repeated` counts rows that came before, `moved` those of them that an earlier page had.
    """

    server: Server
    name: str
    limit: int
    told: Told
    total: int | None = None
    delivered: int = 0
    repeated: int = 0
    moved: int = 0
    _seen: set[int] = field(default_factory=set, repr=False)

    @property
    def count(self) -> int:
        """How many different rows have come."""
        return self.delivered - self.repeated

    @property
    def missing(self) -> int:
        """How many rows fewer than the server says have come."""
        return max(0, (self.total or 0) - (self.delivered - self.moved))

    @property
    def is_doubtful(self) -> bool:
        """Whether rows were missed for sure, or perhaps, because others came again on a later page."""
        return self.missing > 0 or (self.total is None and self.moved > 0)

    def rows(self) -> Iterator[Json]:
        """Every row once. Raises DataStop, naming the request, for a fault, or a server that never gets on."""
        link = ""
        while answer := self._ask(link):
            before, known = self.delivered, self.count
            try:
                yield from self._new(answer)
            finally:
                answer.close()
            self.told(self.count, self.total)
            came, last_link, link = self.delivered - before, link, next_link(answer, self.server, self.name)
            if not came or (last_link and not link):
                return
            if self.count == known:
                self._check_end(answer, before, link)
                return
            if not link and came > self.limit:
                return

    def _ask(self, link: str) -> Answer | None:
        """The next page, by its link or else by offset; None if the server refuses an offset beyond the last row."""
        if link:
            return ask(self.server, self.name, link)
        try:
            return ask(self.server, self.name, limit=self.limit, offset=self.delivered)
        except Refused as refused:
            if self.delivered and refused.http_status in (400, 404):
                return None
            raise

    def _new(self, answer: Answer) -> Iterator[Json]:
        """The rows of a page that have not come before, and those without a sourcedId."""
        here: set[int] = set()
        for row in answer.rows(self.name):
            self.delivered += 1
            key = hash(str(row.get("sourcedId") or f"row {self.delivered}"))
            if key in self._seen:
                self.repeated += 1
                self.moved += key not in here
                continue
            self._seen.add(key)
            here.add(key)
            yield row
        total = total_of(answer)
        self.total = self.total if total is None else total

    def _check_end(self, answer: Answer, before: int, link: str) -> None:
        """A page held nothing new: all right if the server knows no offset and its first answer was everything."""
        if link or (before >= self.limit and self.total != self.count):
            raise DataStop(
                f"{answer.request}: the server gives the same rows again, so nobody can tell whether these are all. "
                "Enter more rows per request than there are, or ask whoever runs it."
            )
        came = self.delivered - before
        self.delivered, self.repeated, self.moved = before, self.repeated - came, self.moved - came


def ask(server: Server, name: str, link: str = "", *, limit: int = 0, offset: int = 0) -> Answer:
    """A page of a collection. Raises Refused and DataStop as `Server.get`, saying what to do."""
    try:
        return server.get(link) if link else server.get(name, {"limit": limit, "offset": offset})
    except Refused as refused:
        advice = _ADVICE.get(refused.http_status, "").format(name=name)
        raise Refused(f"{refused} {advice}".strip(), refused.http_status) from None


def total_of(answer: Answer) -> int | None:
    """How many rows the server says there are; None if it does not say, or not in a number that can be meant."""
    total = answer.headers.get("X-Total-Count", "").strip()
    return int(total) if _TOTAL.fullmatch(total) else None


def next_link(answer: Answer, server: Server, name: str) -> str:
    """The address of the next page, "" if the answer gives none.

    Only its query counts, or its path where that is of another kind: what is in front is often that of a machine behind
    the server that we ask, and nothing is ever sent to another. Raises DataStop for one that is no address.
    """
    for target, parameters in _LINK.findall(answer.headers.get("Link", "")):
        if any("next" in rel.casefold().split() for rel in _REL.findall(parameters)):
            try:
                return _of_server(target, f"{server.base}/{name}", name)
            except ValueError:
                raise DataStop(
                    f"{answer.request}: the server's Link to the next page is no address. Ask whoever runs it."
                ) from None
    return ""


def _of_server(target: str, collection: str, name: str) -> str:
    """Raises ValueError for what is no address: also where the path looks like another server's."""
    parts = parts_of(target)
    if parts is None:
        raise ValueError
    found = urljoin(collection, "" if parts.path.rstrip("/").endswith(name) else parts.path)
    return f"{found}?{parts.query}" if parts.query else found
