"""The ledger: what CERS holds for an LEA, after each file that it accepted. A folder of Parquet files, never changed.

It follows the receiver (cers-receiver.md, "What it stores"): a group named in a file gets exactly the file's students
and users, all others stay; names and logins are compared without case, and the spelling stored first stays. Our files
hold nothing else that the receiver compares in a way of its own; a property test holds the ledger equal to
cers/warehouse.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cersgroups.core.error import DataStop
from cersgroups.engine.database import Connection, connect, text
from cersgroups.engine.store import MANIFEST, read_stored, write_stored
from cersgroups.engine.student_group import read_rows

SCHEMA_VERSION = 1
TABLES = ("groups", "students", "users")
_DAMAGED = "{path}: the ledger is damaged ({why}). Restore it from a backup."


@dataclass(frozen=True)
class Ledger:
    """An opened, verified ledger. `groups` counts those with students or users; `students` and `users` are distinct.

    Tables: groups (number, school, name, key, school_year, subject, profiles, identity), students (number, ssid), users
    (number, login); `key` is the name as it is compared, `number` the group's within this ledger. A retired group has
    neither students nor users.
    """

    path: Path
    groups: int
    students: int
    users: int

    def parquet(self, table: str) -> str:
        """SQL: the stored table."""
        return f"read_parquet({text(str(self.path / f'{table}.parquet'))})"


def open_ledger(path: Path) -> Ledger:
    """Open a ledger. Raises DataStop if a file is missing, differs from its digest, or is of another version."""
    manifest = read_stored(path, TABLES, SCHEMA_VERSION, _DAMAGED)
    counts = [int(count) for name in TABLES if type(count := manifest.get(name)) is int]
    if len(counts) < len(TABLES):
        raise DataStop(_DAMAGED.format(path=path, why=f"{MANIFEST} is not whole"))
    return Ledger(path, *counts)


def apply(
    before: Ledger | None,
    files: Sequence[Path],
    groups: Path | None,
    profile_ids: Sequence[int],
    target: Path,
) -> Ledger:
    """What CERS holds once it has accepted `files`, stored at `target`, a path where nothing is yet.

    `groups`: the extract's groups.parquet, which says which profiles (by place in `profile_ids`) gave each group and
    what it stands for; None for a file that only empties groups.
    """
    with connect(target.parent) as connection:
        load_held(connection, before)
        load_sent(connection, files, groups, profile_ids)
        connection.execute(_AFTER)
        counts = connection.execute(_COUNTS).fetchone() or (0, 0, 0)
        manifest = dict(zip(("groups", "students", "users"), map(int, counts), strict=True))
        write_stored(connection, target, _STORED, {**manifest, "schema_version": SCHEMA_VERSION})
    return open_ledger(target)


def load_held(connection: Connection, ledger: Ledger | None) -> None:
    """Make `held`, `held_student`, `held_user` of the ledger, empty without one; and `filled`: what is not retired."""
    if ledger is None:
        connection.execute(
            "CREATE TABLE held (number INTEGER, school VARCHAR, name VARCHAR, key VARCHAR, school_year INTEGER, "
            "subject VARCHAR, profiles BIGINT[], identity VARCHAR);"
            "CREATE TABLE held_student (number INTEGER, ssid VARCHAR);"
            "CREATE TABLE held_user (number INTEGER, login VARCHAR)"
        )
    else:
        connection.execute(
            f"CREATE TABLE held AS FROM {ledger.parquet('groups')};"
            f"CREATE VIEW held_student AS FROM {ledger.parquet('students')};"
            f"CREATE VIEW held_user AS FROM {ledger.parquet('users')}"
        )
    connection.execute("CREATE TABLE filled AS SELECT number FROM held_student UNION SELECT number FROM held_user")


def load_sent(connection: Connection, files: Sequence[Path], groups: Path | None, profile_ids: Sequence[int]) -> None:
    """Make `sent` (the groups that the files name), `sent_student` and `sent_user`, by `sent.place`."""
    rows = read_rows(files)
    connection.execute("CREATE TABLE given (place INTEGER, id BIGINT)")
    if profile_ids:
        connection.execute(
            "INSERT INTO given SELECT unnest(?), unnest(?)", [list(range(len(profile_ids))), list(profile_ids)]
        )
    known = f"read_parquet({text(str(groups))})" if groups else _NO_GROUPS
    connection.execute(
        f"""
        CREATE TABLE origin AS
        SELECT cds_code, name, identity, (SELECT list(DISTINCT id ORDER BY id) FROM given
            WHERE list_contains(profiles, place)) AS profiles FROM {known};
        CREATE TABLE sent AS
        SELECT CAST(row_number() OVER (ORDER BY n.school, n.key) AS INTEGER) AS place, n.*, o.profiles, o.identity
        FROM (SELECT school_natural_id AS school, lower(group_name) AS key, CAST(school_year AS INTEGER) AS school_year,
                     min(group_name) AS name, max(subject_code) AS subject FROM {rows} GROUP BY ALL) n
        LEFT JOIN origin o ON o.cds_code = n.school AND o.name = n.name;
        CREATE TABLE sent_student AS SELECT DISTINCT s.place, r.student_ssid AS ssid
        FROM {rows} r JOIN sent s ON {_SAME} WHERE r.student_ssid <> '';
        CREATE TABLE sent_user AS SELECT s.place, min(r.group_user_login) AS login
        FROM {rows} r JOIN sent s ON {_SAME} WHERE r.group_user_login <> '' GROUP BY s.place, lower(r.group_user_login)
        """
    )


def count_retirable(ledger: Ledger, existing_profiles: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """By school year: how many groups have students or users, and how many of these only deleted profiles gave."""
    with connect() as connection:
        load_held(connection, ledger)
        rows = connection.execute(
            "SELECT school_year, count(*), count(*) FILTER (WHERE NOT list_has_any(profiles, ?)) FROM held "
            "WHERE number IN (FROM filled) GROUP BY 1 ORDER BY 1",
            [list(existing_profiles)],
        ).fetchall()
    return {year: count for year, count, _ in rows}, {year: deleted for year, _, deleted in rows if deleted}


@dataclass(frozen=True)
class HeldGroup:
    """A group as CERS holds it; `profiles` are ids of profiles, perhaps deleted ones."""

    school: str
    name: str
    school_year: int
    subject: str
    students: int
    users: int
    profiles: tuple[int, ...]


def list_groups(ledger: Ledger, typed: str, start: int, limit: int) -> tuple[int, list[HeldGroup]]:
    """How many groups have `typed` in name or school, and those from place `start` on, by school and name."""
    with connect() as connection:
        load_held(connection, ledger)
        wanted = "contains(key, lower(?)) OR contains(school, ?)"
        [count] = connection.execute(f"SELECT count(*) FROM held WHERE {wanted}", [typed, typed]).fetchone() or (0,)
        rows = connection.execute(
            f"""
            SELECT school, name, school_year, subject, coalesce(s.students, 0), coalesce(u.users, 0), profiles
            FROM (SELECT * FROM held WHERE {wanted} ORDER BY school_year DESC, school, key LIMIT ? OFFSET ?) h
            LEFT JOIN (SELECT number, count(*) AS students FROM held_student GROUP BY 1) s USING (number)
            LEFT JOIN (SELECT number, count(*) AS users FROM held_user GROUP BY 1) u USING (number)
            ORDER BY school_year DESC, school, key
            """,
            [typed, typed, limit, start],
        ).fetchall()
    return int(count), [
        HeldGroup(school, name, year, subject, students, users, tuple(profiles))
        for school, name, year, subject, students, users, profiles in rows
    ]


@dataclass(frozen=True)
class HeldUser:
    """A user as CERS holds it, in `groups` groups, who sees `students` students by them."""

    login: str
    groups: int
    students: int


def list_users(ledger: Ledger, typed: str, start: int, limit: int) -> tuple[int, list[HeldUser]]:
    """How many users have `typed` in their login, and those from place `start` on, by login."""
    with connect() as connection:
        load_held(connection, ledger)
        wanted = "contains(lower(login), lower(?))"
        [count] = connection.execute(
            f"SELECT count(DISTINCT lower(login)) FROM held_user WHERE {wanted}", [typed]
        ).fetchone() or (0,)
        rows = connection.execute(
            f"""
            WITH chosen AS (SELECT lower(login) AS key, min(login) AS login FROM held_user WHERE {wanted}
                            GROUP BY 1 ORDER BY 1 LIMIT ? OFFSET ?)
            SELECT c.login, count(DISTINCT u.number), count(DISTINCT s.ssid)
            FROM chosen c JOIN held_user u ON lower(u.login) = c.key LEFT JOIN held_student s USING (number)
            GROUP BY c.key, c.login ORDER BY c.key
            """,
            [typed, limit, start],
        ).fetchall()
    return int(count), [HeldUser(*row) for row in rows]


def list_access(ledger: Ledger, login: str | None = None) -> list[tuple[str, HeldGroup]]:
    """Each user with each group that they may see, by login, school and name; of `login` only, without case."""
    with connect() as connection:
        load_held(connection, ledger)
        rows = connection.execute(
            """
            SELECT u.login, school, name, school_year, subject, coalesce(s.students, 0), m.users, profiles
            FROM held_user u JOIN held USING (number) JOIN (
                SELECT number, count(*) AS users FROM held_user GROUP BY 1) m USING (number)
            LEFT JOIN (SELECT number, count(*) AS students FROM held_student GROUP BY 1) s USING (number)
            WHERE ? IS NULL OR lower(u.login) = lower(?)
            ORDER BY lower(u.login), school_year DESC, school, key
            """,
            [login, login],
        ).fetchall()
    return [
        (login, HeldGroup(school, name, year, subject, students, users, tuple(profiles)))
        for login, school, name, year, subject, students, users, profiles in rows
    ]


_SAME = (
    "r.school_natural_id = s.school AND lower(r.group_name) = s.key AND CAST(r.school_year AS INTEGER) = s.school_year"
)
_NO_GROUPS = "(SELECT '' AS cds_code, '' AS name, '' AS identity, CAST([] AS INTEGER[]) AS profiles WHERE false)"

_AFTER = """
CREATE TABLE after AS
SELECT CAST(row_number() OVER (ORDER BY school, key, school_year) AS INTEGER) AS number, *
FROM (
    SELECT coalesce(h.school, s.school) AS school, coalesce(h.name, s.name) AS name, coalesce(h.key, s.key) AS key,
           coalesce(h.school_year, s.school_year) AS school_year, coalesce(s.subject, h.subject) AS subject,
           coalesce(s.profiles, h.profiles, []) AS profiles, coalesce(s.identity, h.identity, '') AS identity,
           h.number AS old, s.place
    FROM held h FULL JOIN sent s ON h.school = s.school AND h.key = s.key AND h.school_year = s.school_year
);
CREATE TABLE after_student AS
    SELECT a.number, h.ssid FROM after a JOIN held_student h ON h.number = a.old WHERE a.place IS NULL
    UNION ALL SELECT a.number, s.ssid FROM after a JOIN sent_student s ON s.place = a.place;
CREATE TABLE after_user AS
    SELECT a.number, h.login FROM after a JOIN held_user h ON h.number = a.old WHERE a.place IS NULL
    UNION ALL SELECT a.number, coalesce(h.login, s.login) FROM after a JOIN sent_user s ON s.place = a.place
    LEFT JOIN held_user h ON h.number = a.old AND lower(h.login) = lower(s.login)
"""

_COUNTS = """
SELECT (SELECT count(DISTINCT number) FROM (SELECT number FROM after_student UNION ALL SELECT number FROM after_user)),
       (SELECT count(DISTINCT ssid) FROM after_student), (SELECT count(DISTINCT lower(login)) FROM after_user)
"""

_STORED = {
    "groups": "SELECT number, school, name, key, school_year, subject, profiles, identity FROM after ORDER BY number",
    "students": "SELECT number, ssid FROM after_student ORDER BY number, ssid",
    "users": "SELECT number, login FROM after_user ORDER BY number, lower(login)",
}
