"""API tokens: a person gives each some scopes, and each scope allows some deeds (permission.py).

A token never does more than its person may do at that moment. What stands in no scope no token does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from cersgroups.core.permission import DeedName

ScopeName = Literal["read", "download", "write", "upload", "roster"]
SCOPE_NAMES: tuple[ScopeName, ...] = get_args(ScopeName)

NOT_BY_TOKEN: tuple[DeedName, ...] = (
    "manage_people",
    "change_settings",
    "manage_credentials",
    "read_audit_log",
    "manage_token",
)
"""Only in the browser: whoever stole a token could else let themselves in for good."""


@dataclass(frozen=True)
class Scope:
    """`does` is for people: what a token with this scope may do."""

    deeds: tuple[DeedName, ...]
    does: str


SCOPES: dict[ScopeName, Scope] = {
    "read": Scope(
        ("see_profile", "read_findings", "see_schedule", "see_upload", "see_roster"),
        "read profiles, extracts, findings, uploads, runs and rosters",
    ),
    "download": Scope(("download_extract",), "download files, which name students"),
    "write": Scope(("change_profile", "make_extract"), "make and change profiles, have extracts made"),
    "upload": Scope(
        ("upload_extract", "change_schedule", "retire_groups"),
        "upload to CERS, approve or cancel uploads, run the scheduled process now",
    ),
    "roster": Scope(("see_roster", "manage_roster"), "bring in rosters, see them, make one current"),
}


def deeds_of(scopes: Iterable[str]) -> frozenset[DeedName]:
    """All that these scopes allow; an unknown one allows nothing."""
    return frozenset(deed for name, scope in SCOPES.items() if name in set(scopes) for deed in scope.deeds)


def scopes_for(deed: DeedName) -> list[ScopeName]:
    """The scopes each of which allows the deed; empty: no token may do it."""
    return [name for name, scope in SCOPES.items() if deed in scope.deeds]
