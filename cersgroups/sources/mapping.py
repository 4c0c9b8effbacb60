"""The mapping: where a OneRoster export keeps SSID, SEID, CDS code and school number. A TOML file.

ssid = "userIds:SSID"          # identifier, userIds:TYPE, metadata.<name>, userMasterIdentifier,
seid = "identifier"            # sourcedId or username
cds = "metadata.cdsCode"       # on orgs: identifier, metadata.<name> or sourcedId
school_number = "identifier"   # on orgs; the sourcedId if blank
end_date = "exclusive"         # or "inclusive"
"""

import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from cersgroups.core.error import RequestStop
from cersgroups.core.toml import parsed, quoted, text_of

EndDate = Literal["exclusive", "inclusive"]
END_DATES: tuple[EndDate, ...] = get_args(EndDate)

USER_PLACES = ("identifier", "userMasterIdentifier", "sourcedId", "username")
ORG_PLACES = ("identifier", "sourcedId")
METADATA = "metadata."
USER_IDS = "userIds:"

SUPPLIED_BY = {
    "ssid": ("students", "ssid"),
    "seid": ("staff", "state_educator_id"),
    "cds": ("schools", "cds_code"),
}
"""Which column of which side table gives what OneRoster has no fixed place for."""

_PLACES = {"ssid": USER_PLACES, "seid": USER_PLACES, "cds": ORG_PLACES, "school_number": ORG_PLACES}
_USER_ID = re.compile(r"\{\s*([^:{}]+?)\s*:\s*([^{}]*?)\s*\}")


@dataclass(frozen=True)
class Mapping:
    """Places by field; None is found by counting (school_number: `identifier`)."""

    ssid: str | None = None
    seid: str | None = None
    cds: str | None = None
    school_number: str | None = None
    end_date: EndDate = "exclusive"


def from_file(path: Path) -> Mapping:
    """Read a mapping. Raises RequestStop, naming the file, for whatever is wrong with it."""
    return from_toml(text_of(path, "a mapping"), str(path))


def from_toml(text: str, source: str = "mapping") -> Mapping:
    """Read a mapping from TOML text. Raises RequestStop for an unknown key or place."""
    raw = parsed(text, source)
    known = [field.name for field in fields(Mapping)]
    for key, value in raw.items():
        if key not in known:
            raise RequestStop(f"{source}: unknown key {key!r}. Known here: {', '.join(known)}.")
        _check_value(source, key, value)
    return Mapping(**{key: value.strip() for key, value in raw.items()})


def with_place(mapping: Mapping, name: str, place: str) -> Mapping:
    """The mapping with another place for one of its fields."""
    return Mapping(**{**asdict(mapping), name: place})


def to_toml(mapping: Mapping) -> str:
    """The TOML text that `from_toml` reads as this mapping; fields to be counted stand as comments."""
    lines = []
    for field in fields(Mapping):
        value = getattr(mapping, field.name)
        lines.append(f"{field.name} = {quoted(value)}" if value else f'# {field.name} = "..."')
    return "\n".join(lines) + "\n"


def user_ids(cell: str) -> list[tuple[str, str]]:
    """Type and id of each entry in a userIds cell such as `{SSID:123},{Fed:y}`, blank ids left out."""
    return [(kind, value) for kind, value in _USER_ID.findall(cell) if value]


def user_ids_are_readable(cell: str) -> bool:
    """True if nothing but entries, commas and spaces is in the cell."""
    return not _USER_ID.sub("", cell).strip(", ")


def _check_value(source: str, key: str, value: Any) -> None:
    if not isinstance(value, str):
        raise RequestStop(f"{source}: {key} must be text in quotes, not {value!r}.")
    place = value.strip()
    if key == "end_date":
        if place not in END_DATES:
            raise RequestStop(f"{source}: end_date is {value!r}. Choose one of {', '.join(END_DATES)}.")
    elif not _is_place(key, place):
        forms = [*_PLACES[key], METADATA + "NAME"] + [USER_IDS + "TYPE"] * (key in ("ssid", "seid"))
        raise RequestStop(f"{source}: {key} is {value!r}, which is no place. Choose from {', '.join(forms)}.")


def _is_place(key: str, place: str) -> bool:
    if place in _PLACES[key] or (place.startswith(METADATA) and place != METADATA):
        return True
    return key in ("ssid", "seid") and place.startswith(USER_IDS) and bool(place[len(USER_IDS) :].strip())
