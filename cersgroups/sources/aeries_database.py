"""The roster from the Aeries database: SQL Server, one database for each school year, a login that may only read.

See docs/sources.md for what to grant and what the database cannot tell.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.roster import year_name
from cersgroups.sources import aeries_database_statement as statement
from cersgroups.sources.aeries_database_cell import text
from cersgroups.sources.aeries_database_connection import OFF, REQUIRED, VERIFIED, Place, connected, told
from cersgroups.sources.aeries_database_group import write_groups
from cersgroups.sources.aeries_database_reading import Reading, cells_of
from cersgroups.sources.aeries_database_school import check_year, is_read, write_schools, write_terms
from cersgroups.sources.aeries_database_section import write_courses, write_section_staff, write_sections
from cersgroups.sources.aeries_database_staff import ACCOUNT, EMAIL_ORDERS, read_staff, write_staff, write_teachers
from cersgroups.sources.aeries_database_student import write_rosters, write_students
from cersgroups.sources.aeries_database_table import AERIES_TABLES
from cersgroups.sources.live import Check, Field, LiveKind, Progress, Settings, Target, school_year_of, whole_number
from cersgroups.sources.roster_table import RosterTables

Result = TypeVar("Result")

_YEAR = "{year}"
_PORT = "1433"
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(\\[A-Za-z0-9_$#-]{1,16})?")

LABELS = {
    "lea": "LOC",
    "schools": "LOC",
    "terms": "TRM",
    "courses": "CRS",
    "staff": "STF",
    "teachers": "TCH",
    "sections": "MST",
    "section_staff": "MST and SSE",
    "students": "STU",
    "enrollments": "STU",
    "rosters": "CAR and SEC",
    "student_groups": "SGD",
    "group_members": "SGM",
    "group_staff": "SGS",
}


def write_roster(reading: Reading, email_order: str, progress: Progress) -> None:
    """Read everything, table by table. Raises DataStop if the database fails or is of another year."""
    schools = _step(progress, "schools", "LOC, OPT", 0.0, lambda: write_schools(reading))
    _step(progress, "terms", "TRM", 0.02, lambda: write_terms(reading, schools))
    _step(progress, "courses", "CRS", 0.04, lambda: write_courses(reading))
    people = _step(progress, "staff", "STF", 0.06, lambda: read_staff(reading, email_order))
    records = _step(progress, "teachers", "TCH", 0.08, lambda: write_teachers(reading, schools, people, email_order))
    by_staff = _step(progress, "section staff", "SSE", 0.1, lambda: write_section_staff(reading, schools, people))
    write_staff(reading, people)
    _step(progress, "sections", "MST, FTF", 0.12, lambda: write_sections(reading, schools, by_staff, records))
    _step(progress, "students", "STU", 0.15, lambda: write_students(reading, schools, records))

    def tell(school_id: str, done: float) -> None:
        progress(f"rosters of sections of {school_id} (CAR, SEC)", 0.3 + 0.65 * done)

    _step(progress, "rosters of sections", "CAR, SEC", 0.3, lambda: write_rosters(reading, schools, tell))
    _step(progress, "student groups", "SGD, SGM, SGS", 0.95, lambda: write_groups(reading))


def _step(progress: Progress, what: str, names: str, done: float, do: Callable[[], Result]) -> Result:
    progress(f"{what} ({names})", done)
    with cells_of(names):
        return do()


def fetch(settings: Settings, target: Target) -> None:
    """See LiveKind. Raises RequestStop for settings that cannot be meant and without the driver."""
    entered = AERIES_DATABASE.complete(settings)
    place = _place(entered, target.as_of)
    with connected(place) as connection, RosterTables(target.folder) as tables:
        reading = Reading(connection, place.login, target.as_of, tables, target.tally)
        write_roster(reading, entered["email"], target.progress)


def check(settings: Settings, as_of: date) -> list[Check]:
    """See LiveKind: the connection, every table, and that the year is the one asked for."""
    try:
        entered = AERIES_DATABASE.complete(settings)
        place = _place(entered, as_of)
        with connected(place) as connection:
            connection_check = Check("Connection", True, f"Signed in to {place.database} as {place.login}.")
            return [connection_check, *check_tables(connection, place.login, entered["email"], school_year_of(as_of))]
    except (RequestStop, DataStop) as e:
        return [Check("Connection", False, str(e))]


def check_tables(connection: Connection, login: str, email_order: str, school_year: int) -> list[Check]:
    """One for each table that a sync with these settings reads, and one for the school year."""
    names = [name for name in AERIES_TABLES if name != ACCOUNT or ACCOUNT in email_order]
    checks = [_check_table(connection, login, name) for name in names]
    return [*checks, _check_year(connection, login, school_year)]


def _check_table(connection: Connection, login: str, name: str) -> Check:
    try:
        with told(login, f"reading {name}"):
            found = connection.execute(statement.one_row(name)).first()
    except DataStop as e:
        connection.rollback()
        return Check(name, False, str(e))
    return Check(name, True, "Can be read." if found is not None else "Can be read; it holds no row.")


def _check_year(connection: Connection, login: str, school_year: int) -> Check:
    try:
        with told(login, "reading LOC and TRM"), cells_of("TRM"):
            schools = {text(row.CD) for row in connection.execute(statement.schools()) if is_read(row)}
            terms = [row for row in connection.execute(statement.terms()) if text(row.SC) in schools]
            check_year(terms, school_year)
    except DataStop as e:
        connection.rollback()
        return Check("School year", False, str(e))
    return Check("School year", True, f"The terms are of {year_name(school_year)}.")


def _place(entered: Settings, as_of: date) -> Place:
    return Place(
        entered["host"],
        int(entered["port"]),
        database_of(entered["database"], school_year_of(as_of)),
        entered["login"],
        entered["password"],
        entered["encryption"],
        entered["authority"],
    )


def checked_host(host: str) -> None:
    """Raises RequestStop unless it is a name or an IPv4 address, with or without an instance."""
    if not _HOST.fullmatch(host):
        raise RequestStop(f"{host!r} is no name of a server. Enter it alone, such as sql.district.example.")


def database_of(name: str, school_year: int) -> str:
    """The database of a school year: {year} in its name stands for its first year's two digits. Raises RequestStop."""
    found = name.replace(_YEAR, f"{(school_year - 1) % 100:02d}")
    if "{" in found or "}" in found:
        raise RequestStop(f"The database is {name!r}: only {_YEAR} may stand in braces. Correct it.")
    return found


AERIES_DATABASE = LiveKind(
    kind="aeries_database",
    label="Aeries database",
    fields=(
        Field(
            "host",
            "Host",
            "The SQL Server's name or address, such as sql.district.example or HOST\\INSTANCE.",
            check=checked_host,
            host=lambda host: host.partition("\\")[0],
        ),
        Field(
            "port",
            "Port",
            f"SQL Server's own is {_PORT}. Not used with a named instance.",
            default=_PORT,
            check=whole_number(1, 65_535),
        ),
        Field(
            "database",
            "Database",
            "Aeries keeps one for each school year. Write {year} for the two digits of the year in which it begins, "
            "such as DST{year}000VISTA, so that next year's is found too.",
        ),
        Field("login", "Login", "A login of SQL Server that may only read; docs/sources.md has a script for it."),
        Field("password", "Password", secret=True),
        Field(
            "encryption",
            "Encryption",
            f"{REQUIRED}: encrypted, whatever the server's certificate. {VERIFIED}: its certificate must be of that "
            f"host and vouched for. {OFF}: only for a server on the same machine.",
            default=REQUIRED,
            choices=(REQUIRED, VERIFIED, OFF),
        ),
        Field(
            "authority",
            "Certificate authority",
            f"With {VERIFIED}: the certificate (PEM) of who vouches for the server, if that is not a public authority.",
            required=False,
            lines=6,
        ),
        Field(
            "email",
            "E-mail",
            "Whose e-mail counts, the first that is not blank: the teacher record's (TCH), that of staff (STF), or "
            "that of the user account (UGN).",
            default=EMAIL_ORDERS[0],
            choices=EMAIL_ORDERS,
        ),
    ),
    check=check,
    fetch=fetch,
    labels=LABELS,
)
