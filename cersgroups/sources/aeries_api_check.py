"""The test of a connection to Aeries: each permission is tried with a small request of its own."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from cersgroups.core.error import Stop
from cersgroups.core.roster import year_name
from cersgroups.sources import aeries_api_request as permission
from cersgroups.sources.aeries_api_request import Aeries
from cersgroups.sources.aeries_api_school import School, Schools, read_schools
from cersgroups.sources.exchange import Refused
from cersgroups.sources.live import Check
from cersgroups.sources.tally import Tally


def check_aeries(aeries: Aeries, left_out: str) -> Iterator[Check]:
    """Address and year, certificate, then each permission; nothing after the first two if one of them fails."""
    address = _check("Address and school year", lambda: _year(aeries))
    yield address
    if not address.ok:
        return
    found: list[Schools] = []
    schools = _check("Certificate", lambda: _schools(aeries, left_out, found))
    yield schools
    if schools.ok:
        yield from _permissions(aeries, _typical(found[0]))


def _check(what: str, attempt: Callable[[], str]) -> Check:
    try:
        return Check(what, True, attempt())
    except Stop as stop:
        return Check(what, False, str(stop))


def _year(aeries: Aeries) -> str:
    aeries.time_zone()
    return f"Aeries answers for {year_name(aeries.school_year)}."


def _schools(aeries: Aeries, left_out: str, found: list[Schools]) -> str:
    found.append(read_schools(aeries, left_out, Tally()))
    return f"{len(found[0].fetched)} schools of {found[0].lea_name}."


def _typical(schools: Schools) -> School:
    """A school with sections, if there is one."""
    return next((school for school in schools.fetched if school.has_sections), schools.fetched[0])


def _permissions(aeries: Aeries, school: School) -> Iterator[Check]:
    """404 is a yes: what a certificate may not see is refused before it is looked for."""
    here = f"schools/{school.code}"
    one = {"StartingRecord": 1, "EndingRecord": 1}
    tries: dict[str, tuple[str, dict[str, Any]]] = {
        permission.TERMS: (f"{here}/terms", {}),
        permission.COURSES: ("courses/0", {}),
        permission.STAFF: ("staff", {"PrimaryAeriesSchool": school.code}),
        permission.TEACHERS: (f"{here}/teachers", {}),
        permission.STUDENTS: (f"{here}/students", one),
        permission.SECTIONS: (f"{here}/sections/1", {}),
        permission.CLASSES: (f"{here}/sections/1/students", {}),
        permission.GROUPS: (f"{here}/StudentGroups", {}),
    }
    for name, (path, params) in tries.items():

        def attempt(name: str = name, path: str = path, params: dict[str, Any] = params) -> str:
            try:
                with closing(aeries.get(path, name, **params)):
                    return f"Granted; tried at {school.label}."
            except Refused as refused:
                if refused.http_status != 404:
                    raise
                return "Granted."

        yield _check(f"Permission “{name}”", attempt)
