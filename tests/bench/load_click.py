"""What a person's next click is, and what the page that came then asks for by itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import islice
from random import Random

from tests.bench.load_person import Person
from tests.bench.page import Form, Ids, Page

CHOICES, SEARCHES = 0.1, 0.1
"""Shares of the clicks: choices in a draft, of whoever has one; searches of the audit log, of whoever may read it."""

_FORMS_SKIPPED = 500
"""People begin somewhere among the choices: else the figures of one would be kept answers for another."""

_OF_A_CHOICE = ("draft_preview: ", "draft_type: ", "draft_entries: ")


@dataclass(frozen=True)
class Click:
    """`asked` at once, with this form if it is posted; `preview` is the address that the page then posts it to."""

    asked: tuple[Page, ...]
    form: Form | None = None
    preview: str = ""


@dataclass(frozen=True)
class Small:
    """A request that a page makes by itself, so many seconds after it was shown."""

    method: str
    path: str
    after: float


class Clicks:
    """The clicks of one person, among the pages whose names are in `seen`. Raises KeyError for a draft that is not."""

    def __init__(self, person: Person, ids: Ids, seen: frozenset[str], chance: Random) -> None:
        self._chance = chance
        self._pages = {page.name: page for page in person.pages(ids) if page.name in seen}
        self._looks = [page for page in self._pages.values() if not page.name.startswith(_OF_A_CHOICE)]
        self._searches = [page for page in self._looks if page.name.startswith("audit_log: ")]
        self._drafts = list(person.drafts)
        self._forms = {type_: self._begun(type_) for type_ in self._drafts}
        self._shown = {f"draft_preview: {type_}": next(forms) for type_, forms in self._forms.items()}

    def __iter__(self) -> Iterator[Click]:
        while True:
            yield self._next()

    def form_at(self, path: str) -> Form | None:
        """What stands in the form of the page that posts to this address of a preview."""
        return next((form for name, form in self._shown.items() if self._pages[name].path == path), None)

    def _begun(self, type_: str) -> Iterator[Form]:
        forms = self._pages[f"draft_preview: {type_}"].forms
        assert forms is not None
        return islice(forms(), self._chance.randrange(_FORMS_SKIPPED), None)

    def _next(self) -> Click:
        chance = self._chance.random()
        if self._drafts and chance < CHOICES:
            return self._choice(self._chance.choice(self._drafts))
        if self._searches and chance < CHOICES + SEARCHES:
            return Click((self._chance.choice(self._searches),))
        look = self._chance.choice(self._looks)
        return Click((look,), next(look.forms()) if look.forms else None)

    def _choice(self, type_: str) -> Click:
        """Another department or member of staff: the lists that follow it are asked for at once; or another type."""
        preview = self._pages[f"draft_preview: {type_}"]
        form = self._shown[preview.name] = next(self._forms[type_])
        lists = tuple(page for name, page in self._pages.items() if name.startswith("draft_entries: "))
        asked = lists if type_ == "classes" and self._chance.random() < 0.5 else ()
        return Click(asked or (self._pages[f"draft_type: {type_}"],), form, preview.path)


_ASKS = re.compile(r'<[^>]*\bhx-(get|post)="([^"]+)"[^>]*\bhx-trigger="([^"]+)"')
_WHEN = re.compile(r"(?:every|load delay:|load)\s*(?:(\d+)(ms|s))?")


def small_requests(page: str) -> list[Small]:
    """What the elements of a page ask for without anybody's doing: "load", "load delay:500ms", "every 2s"."""
    found = []
    for method, path, triggers in _ASKS.findall(page):
        when = next(filter(None, (_WHEN.fullmatch(trigger.strip()) for trigger in triggers.split(","))), None)
        if when:
            found.append(Small(method, unescape(path), int(when[1] or 0) / (1000 if when[2] == "ms" else 1)))
    return found


_AGAIN = {"counting": 0.3, "queued": 2.5}
"""Seconds, as in templates/web/draft/options.html."""


def again(headers: Mapping[str, str], status: int) -> float:
    """Seconds after which a page asks again for the figures of a preview that are not there yet; 0: they are."""
    return _AGAIN[headers["HX-Trigger"]] if status == 204 else 0
