"""A student group as the receiver stores it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypedDict

GroupKey = tuple[str, str, int]
"""School, folded name and year: what a group is known by."""


class GroupJson(TypedDict):
    """A group in the state of the warehouse."""

    school: str
    name: str
    year: int
    subject: str | None
    deleted: bool
    last_touched_by_upload: int
    members: list[str]
    users: list[str]


@dataclass
class StoredGroup:
    """`members` holds folded SSIDs; `users` logins by their fold, in the spelling stored first."""

    school: str
    name: str
    year: int
    subject: str | None
    touched: int
    deleted: bool = False
    members: frozenset[str] = frozenset()
    users: dict[str, str] = field(default_factory=dict)

    def users_bytes(self) -> int:
        return joined_bytes(self.users.values())

    def as_json(self, ssids: dict[str, str]) -> GroupJson:
        """`ssids` gives the stored spelling of each folded SSID."""
        return {
            "school": self.school,
            "name": self.name,
            "year": self.year,
            "subject": self.subject,
            "deleted": self.deleted,
            "last_touched_by_upload": self.touched,
            "members": sorted(ssids[member] for member in self.members),
            "users": sorted(self.users.values()),
        }


def joined_bytes(logins: Iterable[str]) -> int:
    """The bytes of `logins` joined by commas, as GROUP_CONCAT joins them."""
    return len(",".join(logins).encode(errors="surrogatepass"))
