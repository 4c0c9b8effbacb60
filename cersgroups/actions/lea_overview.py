"""How LEAs stand: those that a person is admin of, and, for whoever runs the installation, all."""

from cersgroups.core.lea_overview import LeaOverview
from cersgroups.records.lea_overview import read_all_overviews, read_own_overviews
from cersgroups.records.person import Person
from cersgroups.records.scope import person_scope
from cersgroups.records.whole import whole


def own_overviews(person: Person) -> list[LeaOverview]:
    """Of the LEAs that the person is admin of, by name: an admin may see all of it there. None of who is not active."""
    if not person.is_active:
        return []
    with person_scope(person.pk):
        return read_own_overviews()


def all_overviews() -> list[LeaOverview]:
    """Of every LEA, by name; no page can call it."""
    with whole() as alias:
        return read_all_overviews(alias)
