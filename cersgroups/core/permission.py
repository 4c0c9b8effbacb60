"""Who may do what in an LEA (docs/permissions.md is made from DEEDS; source: features A1 to A3).

admin: everything, with what is anybody's. administer: own profiles and extracts. viewer: reads findings and
history, downloads nothing. Whoever has no membership sees nothing. A person may be limited to some schools
(an admin cannot): then only what lies wholly within them counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from cersgroups.core.error import PermissionRefused

Level = Literal["admin", "administer", "viewer"]
LEVELS: tuple[Level, ...] = get_args(Level)

SYSTEM = 0
"""The owner of what a scheduled run made: nobody's own."""


@dataclass(frozen=True)
class Actor:
    """A person as they act in one LEA. `school_ids` None: all schools; empty: none. `ip` is for the audit log.

    `token`: they act by this API token, not in the browser.
    """

    person_id: int
    lea_id: int
    level: Level
    name: str = ""
    email: str = ""
    school_ids: frozenset[str] | None = None
    ip: str = ""
    token: "TokenUse | None" = None


@dataclass(frozen=True)
class TokenUse:
    """An API token at work: of what its person may do, it may do only `deeds` (core/api_token.py)."""

    token_id: int
    name: str
    deeds: "frozenset[DeedName]"


@dataclass(frozen=True)
class Deed:
    """`levels` may do it with what is their own, `with_anybodys` also with what is others'; `does` is for people.

    `whole_lea`: it concerns all schools, so nobody who is limited to some may do it.
    """

    levels: frozenset[Level]
    with_anybodys: frozenset[Level]
    does: str
    whole_lea: bool = False


def _deed(levels: str, with_anybodys: str, does: str, *, whole_lea: bool = False) -> Deed:
    def of(text: str) -> frozenset[Level]:
        return frozenset(level for level in LEVELS if level in text.split())

    return Deed(of(levels), of(with_anybodys), does, whole_lea)


DeedName = Literal[
    "see_profile",
    "change_profile",
    "make_extract",
    "read_findings",
    "download_extract",
    "see_schedule",
    "change_schedule",
    "upload_extract",
    "see_upload",
    "see_roster",
    "manage_roster",
    "manage_people",
    "change_settings",
    "manage_credentials",
    "retire_groups",
    "read_audit_log",
    "manage_token",
]

DEEDS: dict[DeedName, Deed] = {
    "see_profile": _deed("admin administer", "admin", "see this profile"),
    "change_profile": _deed("admin administer", "admin", "make or change this profile"),
    "make_extract": _deed("admin administer", "admin", "make an extract of this profile"),
    "read_findings": _deed("admin administer viewer", "admin viewer", "read the findings of this extract"),
    "download_extract": _deed("admin administer", "admin", "download this extract"),
    "see_schedule": _deed("admin administer", "admin administer", "see the scheduled process"),
    "change_schedule": _deed(
        "admin administer", "admin administer", "change or run the scheduled process", whole_lea=True
    ),
    "upload_extract": _deed("admin administer", "admin", "upload this extract"),
    "see_upload": _deed("admin administer viewer", "admin viewer", "see this upload"),
    "see_roster": _deed("admin administer", "admin administer", "see what the roster holds"),
    "manage_roster": _deed("admin", "admin", "bring in or change the roster"),
    "manage_people": _deed("admin", "admin", "manage people and their permissions"),
    "change_settings": _deed("admin", "admin", "change the settings"),
    "manage_credentials": _deed("admin", "admin", "see or change the credentials for CERS"),
    "retire_groups": _deed("admin", "admin", "see or retire what CERS holds"),
    "read_audit_log": _deed("admin", "admin", "read the audit log"),
    "manage_token": _deed("admin administer viewer", "admin", "make, see or revoke this API token"),
}


def user_can(
    actor: Actor,
    deed: DeedName,
    *,
    owner_id: int | None = None,
    school_ids: Iterable[str] = (),
) -> bool:
    """Whether the actor may do it with something that `owner_id` owns (None: it has no owner) at these schools."""
    rule = DEEDS[deed]
    if actor.level not in rule.levels or not _token_allows(actor, deed):
        return False
    if owner_id is not None and owner_id != actor.person_id and actor.level not in rule.with_anybodys:
        return False
    if actor.level == "admin" or actor.school_ids is None:
        return True
    return not rule.whole_lea and actor.school_ids.issuperset(school_ids)


def check_can(
    actor: Actor,
    deed: DeedName,
    *,
    owner_id: int | None = None,
    school_ids: Iterable[str] = (),
) -> None:
    """Raises PermissionRefused, with what is refused and why, unless `user_can`."""
    schools = frozenset(school_ids)
    if user_can(actor, deed, owner_id=owner_id, school_ids=schools):
        return
    rule = DEEDS[deed]
    if actor.level not in rule.levels:
        why = f"your level is {actor.level}"
    elif actor.token is not None and not _token_allows(actor, deed):
        raise PermissionRefused(
            f"The API token “{actor.token.name}” may not {rule.does}. Make one with another scope on its page."
        )
    elif rule.whole_lea and actor.school_ids is not None:
        why = "it concerns all schools, and you are limited to some"
    elif not user_can(actor, deed, owner_id=owner_id):
        why = "it belongs to somebody else"
    else:
        why = f"you are limited to other schools than {', '.join(sorted(schools - (actor.school_ids or frozenset())))}"
    raise PermissionRefused(f"You may not {rule.does}: {why}. Ask an admin of your LEA.")


def _token_allows(actor: Actor, deed: DeedName) -> bool:
    return actor.token is None or deed in actor.token.deeds


def as_markdown() -> str:
    """The table of DEEDS for docs/permissions.md."""
    head = ("To", *(level.capitalize() for level in LEVELS))
    rows = [(deed.does, *(_allowed(deed, level) for level in LEVELS)) for deed in DEEDS.values()]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ("---",) * len(head), *rows))


def _allowed(deed: Deed, level: Level) -> str:
    if level not in deed.levels:
        return "no"
    if deed.whole_lea and level != "admin":
        return "unless limited to schools"
    return "anybody's" if level in deed.with_anybodys else "own"
