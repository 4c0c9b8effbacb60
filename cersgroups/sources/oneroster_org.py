"""orgs.csv: the schools, the departments' names and the district."""

from collections import Counter
from dataclasses import dataclass

from cersgroups.core.error import DataStop
from cersgroups.sources.mapping import METADATA
from cersgroups.sources.oneroster_export import Export

_COLUMNS = ("sourcedId", "name", "type", "identifier", "parentSourcedId")


@dataclass(frozen=True)
class Org:
    """One org; `cells` are identifier, sourcedId and the metadata columns, by their place."""

    org_id: str
    name: str
    type: str
    parent: str
    active: bool
    cells: dict[str, str]

    def at(self, place: str) -> str:
        """The value at a place of the mapping, such as `identifier` or `metadata.cdsCode`."""
        wanted = place.casefold()
        return next((value for known, value in self.cells.items() if known.casefold() == wanted), "")


@dataclass(frozen=True)
class Orgs:
    """All orgs by sourcedId, in the order of the file."""

    by_id: dict[str, Org]

    @property
    def schools(self) -> list[Org]:
        return [org for org in self.by_id.values() if org.type == "school"]

    def is_no_school(self, org_id: str) -> bool:
        """True for a known org, such as the district, that is no school."""
        org = self.by_id.get(org_id)
        return org is not None and org.type != "school"

    def department(self, org_id: str) -> str:
        """The name of the department of this sourcedId, else blank."""
        org = self.by_id.get(org_id)
        return org.name if org and org.type == "department" else ""


def read_orgs(export: Export) -> Orgs:
    """Read orgs.csv. Raises DataStop if it has no row."""
    metadata = [column for column in export.header("orgs") if column.casefold().startswith(METADATA)]
    reading = export.read("orgs", (*_COLUMNS, *metadata))
    by_id: dict[str, Org] = {}
    for org_id, name, kind, identifier, parent, *values in reading.all():
        _refuse_bar(reading.file.label, org_id)
        cells = {"identifier": identifier, "sourcedId": org_id, **dict(zip(metadata, values, strict=True))}
        by_id[org_id] = Org(org_id, name, kind.casefold(), parent, not reading.left_out, cells)
    if not by_id:
        raise DataStop(f"{reading.file.label}: there is no org in it. Ask the source for the schools.")
    return Orgs(by_id)


def find_district(orgs: Orgs, export: Export) -> Org:
    """The org that is the LEA: the only district, else the one that most schools belong to.

    Without a district it is the parent of most schools, else the first org that is no school, else the first
    school (a charter that is its own LEA). Anything but one district gives a finding.
    """
    districts = [org for org in orgs.by_id.values() if org.type == "district" and org.active]
    if len(districts) == 1:
        return districts[0]
    parents = Counter(school.parent for school in orgs.schools)
    candidates = districts or [org for org in orgs.by_id.values() if orgs.is_no_school(org.org_id)]
    candidates = [org for org in candidates if org.type != "department"] or list(orgs.by_id.values())
    chosen = max(candidates, key=lambda org: parents[org.org_id])
    export.tally.add("oneroster_district_guessed", export.noun("orgs"), chosen.org_id, chosen.name)
    return chosen


def _refuse_bar(label: str, org_id: str) -> None:
    if "|" in org_id:
        raise DataStop(f"{label}: the sourcedId {org_id!r} holds a bar, which no sourcedId may. Rename it.")
