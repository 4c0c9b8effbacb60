"""Where an export keeps SSID, SEID and CDS code: found by counting the values that fit at each place.

It is the one place where at least 95 % of the filled values fit (design "Command line"). A place that fewer than half
of all students, staff or schools fill is no candidate: such a place is meant for something else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cersgroups.core.error import DataStop
from cersgroups.core.roster import TABLES
from cersgroups.core.student_group import CDS_CODE, SSID
from cersgroups.sources.mapping import (
    METADATA,
    SUPPLIED_BY,
    USER_IDS,
    USER_PLACES,
    Mapping,
    to_toml,
    user_ids,
    user_ids_are_readable,
    with_place,
)
from cersgroups.sources.oneroster_export import Export, Reading
from cersgroups.sources.oneroster_org import Org
from cersgroups.sources.oneroster_role import ROLE_COLUMNS, Roles

FITTING_SHARE = 0.95
FILLED_SHARE = 0.5
"""The part of all students, staff or schools that must have a fitting value."""

SEID = SSID
"""10 digits as well (reference "SIS sources", 1.6)."""

_OF = {"ssid": "students", "seid": "staff", "cds": "schools"}
_DIGITS = {"ssid": 10, "seid": 10, "cds": 14}


@dataclass(frozen=True)
class PlaceCount:
    """Of `total` students, staff or schools so many have a value at `place`, and so many one that fits."""

    place: str
    filled: int
    fitting: int
    total: int


@dataclass(frozen=True)
class PlaceCounts:
    """The counts of every place, by field (`ssid`, `seid`, `cds`), best first."""

    ssid: tuple[PlaceCount, ...]
    seid: tuple[PlaceCount, ...]
    cds: tuple[PlaceCount, ...]

    def of(self, name: str) -> tuple[PlaceCount, ...]:
        counts: tuple[PlaceCount, ...] = getattr(self, name)
        return counts

    def candidates(self, name: str) -> list[str]:
        """The places that can be meant for a field."""
        return [count.place for count in self.of(name) if _is_candidate(count)]


def user_place_columns(export: Export) -> tuple[str, ...]:
    """The columns of users.csv that can hold an id of a person, `userIds` first."""
    metadata = [c for c in export.header("users") if c.casefold().startswith(METADATA)]
    return ("userIds", *USER_PLACES, *metadata)


def values_at_places(reading: Reading, user_id: str, columns: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    """The filled values of a user by place; `userIds` becomes one place per type (compared ignoring case)."""
    values = {column: cell for column, cell in zip(columns[1:], cells[1:], strict=True) if cell}
    if not cells[0]:
        return values
    if not user_ids_are_readable(cells[0]):
        reading.note("oneroster_user_ids_unreadable", user_id, cells[0][:80])
    spelled: dict[str, str] = {}
    by_type: dict[str, str] = {}
    for kind, value in user_ids(cells[0]):
        place = USER_IDS + spelled.setdefault(kind.casefold(), kind)
        if by_type.setdefault(place, value) != value:
            reading.note("oneroster_user_ids_ambiguous", user_id, kind)
            by_type[place] = ""
    return values | {place: value for place, value in by_type.items() if value}


@dataclass
class _Counter:
    """Counts one field over people or schools."""

    fits: re.Pattern[str]
    total: int = 0
    spelled: dict[str, str] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    fitting: dict[str, int] = field(default_factory=dict)

    def add(self, values: dict[str, str]) -> None:
        self.total += 1
        for place, value in values.items():
            place = self.spelled.setdefault(place.casefold(), place)
            self.filled[place] = self.filled.get(place, 0) + 1
            if self.fits.fullmatch(value):
                self.fitting[place] = self.fitting.get(place, 0) + 1

    def counts(self) -> tuple[PlaceCount, ...]:
        found = [PlaceCount(p, n, self.fitting.get(p, 0), self.total) for p, n in self.filled.items()]
        return tuple(sorted(found, key=lambda count: (-count.fitting, count.place)))


def count_places(export: Export, roles: Roles, schools: Iterable[Org]) -> PlaceCounts:
    """Read users.csv once and count the places of all three fields."""
    counters = {"student": _Counter(SSID), "staff": _Counter(SEID)}
    places = user_place_columns(export)
    reading = export.read("users", ("sourcedId", *ROLE_COLUMNS, *places), quiet=True)
    for user_id, role, org_ids, *cells in reading.active():
        kinds = {assignment.kind for assignment in roles.of(reading, user_id, role, org_ids)}
        values = values_at_places(reading, user_id, places, cells)
        for kind in kinds & counters.keys():
            counters[kind].add(values)
    cds = _Counter(CDS_CODE)
    for school in schools:
        cds.add({place: value for place, value in school.cells.items() if value})
    return PlaceCounts(counters["student"].counts(), counters["staff"].counts(), cds.counts())


def complete_mapping(mapping: Mapping, counts: PlaceCounts, export: Export, supplied: frozenset[str]) -> Mapping:
    """Fill what the mapping leaves out by the counts. `supplied` are fields that side files give.

    Raises DataStop, showing the counts and an example, where none or several places can be meant; a missing
    SEID is a finding only, because nothing but the choice of additional users needs it.
    """
    for name in ("ssid", "seid", "cds"):
        if getattr(mapping, name) is not None:
            continue
        candidates, found = counts.candidates(name), counts.of(name)
        total = found[0].total if found else 0
        if len(candidates) == 1:
            mapping = with_place(mapping, name, candidates[0])
            export.tally.add("oneroster_place_found", key=name, value=candidates[0])
        elif total and (candidates or not (name == "seid" or name in supplied)):
            raise DataStop(_question(export, name, found, mapping))
        elif total:
            export.tally.note(f"oneroster_{name}_missing", total, value=shown(found))
    return mapping


def suggested(mapping: Mapping, counts: PlaceCounts) -> Mapping:
    """The mapping with every field that one place can be meant for."""
    for name in ("ssid", "seid", "cds"):
        candidates = counts.candidates(name)
        if getattr(mapping, name) is None and len(candidates) == 1:
            mapping = with_place(mapping, name, candidates[0])
    return mapping


def shown(counts: Iterable[PlaceCount]) -> str:
    """The counts as people read them: `identifier: 990 of 995 values fit; ...`."""
    return "; ".join(f"{c.place}: {c.fitting:,} of {c.filled:,} values fit" for c in counts) or "no values"


def _question(export: Export, name: str, counts: tuple[PlaceCount, ...], mapping: Mapping) -> str:
    several = sum(_is_candidate(count) for count in counts) > 1
    way_out = "" if several else _or_side_file(name)
    if counts[0].fitting:
        way_out = f"{way_out or '.'}\nAs a TOML file, such as:\n{to_toml(with_place(mapping, name, counts[0].place))}"
    return (
        f"{export.title}: {'several places' if several else 'no place'} can hold the {name.upper()} "
        f"({_DIGITS[name]} digits) of the {counts[0].total:,} {_OF[name]}. {shown(counts)}. "
        f"Say which it is in a mapping{way_out or '.'}"
    )


def _or_side_file(name: str) -> str:
    """The way out where the export has the values nowhere."""
    table, column = SUPPLIED_BY[name]
    [key] = TABLES[table].key
    return (
        f", or give them in a side file {table}.csv with the columns {key} (the sourcedId) and {column} "
        f"(on the command line: --side FOLDER)."
    )


def _is_candidate(count: PlaceCount) -> bool:
    return (
        count.fitting > 0
        and count.fitting >= FITTING_SHARE * count.filled
        and count.fitting >= FILLED_SHARE * count.total
    )
