"""Who sees one student: the student by a number that a parent knows, and the groups in CERS that hold the student.

Only the columns that tell it are read: the answer is to be there while the parent is on the phone.
"""

from dataclasses import dataclass

from cersgroups.engine.database import reading
from cersgroups.engine.ledger import Ledger
from cersgroups.engine.snapshot import Snapshot


@dataclass(frozen=True)
class RosterStudent:
    """A student as the roster has them; `ssid` and `name` are blank where it has none."""

    student_id: str
    ssid: str
    name: str


@dataclass(frozen=True)
class StudentsGroup:
    """A group as CERS holds it with a student; `users` are those who see it, by e-mail."""

    school: str
    name: str
    school_year: int
    subject: str
    users: tuple[str, ...]


def find_students(snapshot: Snapshot, number: str) -> list[RosterStudent]:
    """All whose SSID or student_id is this number, by student_id: a roster may give an SSID to several."""
    with reading() as connection:
        rows = connection.execute(
            f"""
            SELECT student_id, coalesce(ssid, ''), concat_ws(' ', first_name, last_name)
            FROM {snapshot.parquet("students")} WHERE ssid = ? OR student_id = ? ORDER BY student_id
            """,
            [number, number],
        ).fetchall()
    return [RosterStudent(*row) for row in rows]


def list_groups_of(ledger: Ledger, ssid: str) -> list[StudentsGroup]:
    """Each group that CERS holds with the student, the newest year first, then by school and name."""
    with reading() as connection:
        rows = connection.execute(
            f"""
            WITH own AS MATERIALIZED (SELECT DISTINCT number FROM {ledger.parquet("students")} WHERE ssid = ?)
            SELECT school, name, school_year, subject, coalesce(users, [])
            FROM own JOIN {ledger.parquet("groups")} USING (number) LEFT JOIN (
                SELECT number, list(login ORDER BY lower(login)) AS users FROM {ledger.parquet("users")}
                WHERE number IN (FROM own) GROUP BY 1) USING (number)
            ORDER BY school_year DESC, school, key
            """,
            [ssid],
        ).fetchall()
    return [StudentsGroup(school, name, year, subject, tuple(users)) for school, name, year, subject, users in rows]
