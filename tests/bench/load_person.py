"""The people of the load contest: who of a district's staff they are, what is theirs, and which pages they may see."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cersgroups.core.permission import Level
from tests.bench.page import Ids, Page, pages


@dataclass(frozen=True)
class Role:
    """`share` of the people; `at_a_school`: each at one school, and no other."""

    name: str
    level: Level
    at_a_school: bool
    share: float

    @property
    def changes_profiles(self) -> bool:
        return self.level != "viewer"


ROLES = (
    Role("admin", "admin", False, 0.03),
    Role("Administer", "administer", False, 0.07),
    Role("Administer at a school", "administer", True, 0.70),
    Role("viewer", "viewer", False, 0.05),
    Role("viewer at a school", "viewer", True, 0.15),
)
"""Of 200 people of a district: 6, 14, 140, 10 and 30."""


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. `extract` is one that they may read, 0 for none; `finding` one of its findings, with so
    many pages; `drafts`, `contents` and `lists` as in page.Ids, empty for whoever changes no profiles."""

    email: str
    role: str
    lea: int
    profile: int
    extract: int
    finding: str
    finding_pages: int
    drafts: dict[str, int]
    contents: dict[str, dict[str, Any]]
    lists: dict[str, list[str]]

    def pages(self, ids: Ids) -> list[Page]:
        """Every page there is, of this person's own records where they have some; `ids` are those of the LEA."""
        own = replace(
            ids,
            profile=self.profile or ids.profile,
            extract=self.extract or ids.extract,
            extract_finding=self.finding or ids.extract_finding,
            last_pages={**ids.last_pages, **({self.finding: self.finding_pages} if self.finding else {})},
            drafts=self.drafts or ids.drafts,
            contents=self.contents or ids.contents,
            lists=self.lists or ids.lists,
        )
        return [page for page in pages(own) if self._has(page)]

    def _has(self, page: Page) -> bool:
        """Whether there is something on it for this person; the pages of signing in are no part of a day's work."""
        if page.nobody or page.path.startswith("/account/"):
            return False
        kind = page.name.split(":")[0]
        return bool(self.finding) if kind == "finding_rows" else bool(self.extract) or kind not in _OF_EXTRACT


_OF_EXTRACT = {"extract", "extract_row", "creating_files"}


def roles(people: int) -> list[Role]:
    """The role of each of so many people, by their shares."""
    return [_at((number + 0.5) / people) for number in range(people)]


def _at(share: float) -> Role:
    for role in ROLES:
        if share < role.share:
            return role
        share -= role.share
    return ROLES[-1]


def shown(answers: Mapping[str, int]) -> frozenset[str]:
    """The names of the pages that somebody is shown, of the status that each answered with.

    Raises RuntimeError for an answer that is neither a page nor the word that it is not theirs.
    """
    strange = {name: status for name, status in answers.items() if status not in (200, 204, 403, 404)}
    if strange:
        raise RuntimeError(f"these pages cannot be asked for: {strange}")
    return frozenset(name for name, status in answers.items() if status in (200, 204))


def told(people: Sequence[Person], seen: Mapping[str, frozenset[str]]) -> str:
    """How many people of each role there are, and how many pages each of them sees."""
    return "; ".join(
        f"{count} {role}, {len(seen[role])} pages" for role, count in Counter(p.role for p in people).items()
    )
