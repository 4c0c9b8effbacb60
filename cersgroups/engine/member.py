"""The students and users of the named groups of one batch, as one list each per group.

Lists per group, unnested only when the file is written, are the quickest form measured (docs/performance.md).
"""

from collections.abc import Sequence
from datetime import date

from cersgroups.core.error import DataStop
from cersgroups.core.profile import Profile
from cersgroups.core.student_group import MAX_STUDENTS, MAX_USERS_BYTES
from cersgroups.engine.database import Connection
from cersgroups.engine.live import during, section_range
from cersgroups.engine.person import VALID_EMAIL
from cersgroups.engine.snapshot import Snapshot


def load_roles(connection: Connection, snapshot: Snapshot, profiles: Sequence[Profile]) -> None:
    """Make `profile_role`, `additional_user` (with the staff's own e-mail) and `group_person`; with findings."""
    connection.execute("CREATE TABLE profile_role (profile INTEGER, role VARCHAR)")
    for number, profile in enumerate(profiles):
        connection.execute("INSERT INTO profile_role SELECT ?, unnest(?)", [number, list(profile.users.roles)])
    connection.execute(
        f"""
        CREATE TABLE additional AS SELECT c.profile, s.*, coalesce({VALID_EMAIL.format("s.email")}, false) AS valid
        FROM choice c JOIN {snapshot.parquet("staff")} s ON c.list = 'additional' AND s.staff_id = c.value;
        INSERT INTO finding_row SELECT DISTINCT
            CASE WHEN NOT active THEN 'person_not_active' WHEN email IS NULL THEN 'user_without_email'
                 ELSE 'email_invalid' END,
            NULL, 'staff', staff_id, email, 'additional user' FROM additional WHERE NOT active OR NOT valid;
        CREATE TABLE additional_user AS SELECT profile, 's' || staff_id AS person, email FROM additional
        WHERE active AND valid;
        CREATE TABLE group_person AS SELECT g.group_code, 's' || g.staff_id AS person, s.email,
               coalesce({VALID_EMAIL.format("s.email")}, false) AS email_valid, s.active
        FROM {snapshot.parquet("group_staff")} g JOIN {snapshot.parquet("staff")} s USING (staff_id)
        WHERE EXISTS (SELECT 1 FROM profile_role WHERE role = 'group_staff')
        """
    )


def load_members(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    """Make `filled`: by `gid` the sorted distinct SSIDs (as numbers); findings for students left out."""
    low, high = section_range(connection)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE section_gid AS SELECT DISTINCT n.gid, s.section_row, s.school_row
            FROM source_section s JOIN named n USING (sg);
        CREATE OR REPLACE TEMP TABLE filled AS
        SELECT gid, list_distinct(list(ssid_number)) AS ssids, list(lost) FILTER (lost IS NOT NULL) AS lost
        FROM (
            SELECT g.gid, e.ssid_number, CASE WHEN e.ssid_number IS NULL THEN
                {{'student_row': r.student_row, 'school_row': g.school_row, 'enrolled': e.student_row IS NOT NULL}}
                END AS lost
            FROM {snapshot.parquet("rosters")} r JOIN section_gid g ON g.section_row = r.section_row
            LEFT JOIN live_enrollment e ON e.student_row = r.student_row AND e.school_row = g.school_row
            WHERE r.section_row BETWEEN {low} AND {high} AND {during(as_of, "r")}
            UNION ALL
            SELECT n.gid, s.ssid_number, CASE WHEN s.ssid_number IS NULL THEN
                {{'student_row': s.student_row, 'school_row': n.school_row, 'enrolled': true}} END
            FROM source_student s JOIN named n USING (sg)
        ) GROUP BY gid
        """
    )
    connection.execute(
        """
        INSERT INTO lost_student SELECT DISTINCT l.student_row, c.school_id, l.enrolled
        FROM (SELECT unnest(lost) AS l FROM filled) JOIN scope c ON c.school_row = l.school_row
        """
    )


def tell_lost_students(connection: Connection, snapshot: Snapshot) -> None:
    """Findings for the students gathered in `lost_student`, once for all batches: students are a large table."""
    connection.execute(
        f"""
        INSERT INTO finding_row
        SELECT DISTINCT CASE WHEN l.enrolled THEN 'student_without_ssid' ELSE 'student_without_enrollment' END,
               l.school_id, 'students', s.student_id, s.ssid, NULL
        FROM lost_student l JOIN {snapshot.parquet("students")} s USING (student_row)
        """
    )


def load_users(connection: Connection) -> None:
    """Make `user_list`: by `gid` the users in their order; findings for people without a usable e-mail."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE access AS
        SELECT n.gid, s.school_row, f.person, f.person = s.person AS teacher
        FROM source_section s JOIN named n USING (sg) JOIN source g USING (sg) JOIN live_staff f USING (section_row)
        JOIN profile_role r ON r.profile = g.profile AND r.role = f.role
        UNION
        SELECT n.gid, g.school_row, g.person, true FROM source g JOIN named n USING (sg)
        WHERE g.kind IN ('elementary_teacher', 'counselor')
        UNION
        SELECT n.gid, g.school_row, m.person, false FROM source g JOIN named n USING (sg)
        JOIN profile_role r ON r.profile = g.profile AND r.role = 'group_staff'
        JOIN group_person m ON g.kind = 'student_group' AND m.group_code = g.raw;
        CREATE OR REPLACE TEMP TABLE addressed AS
        SELECT a.*, coalesce(p.email, s.email) AS email,
               coalesce(s.active, true) AND coalesce(p.active, true) AS active,
               CASE WHEN p.email IS NOT NULL THEN p.email_valid ELSE coalesce(s.email_valid, false) END AS valid
        FROM access a
        LEFT JOIN scope_people p ON p.school_row = a.school_row AND p.person = a.person
        LEFT JOIN (SELECT DISTINCT person, email, email_valid, active FROM group_person) s ON s.person = a.person;
        INSERT INTO finding_row SELECT DISTINCT
            CASE WHEN NOT a.active THEN 'person_not_active' WHEN email IS NULL THEN 'user_without_email'
                 ELSE 'email_invalid' END,
            c.school_id, CASE WHEN a.person[1] = 's' THEN 'staff' ELSE 'teachers' END, substr(a.person, 2), email, NULL
        FROM addressed a JOIN scope c USING (school_row) WHERE NOT valid OR NOT a.active;
        CREATE OR REPLACE TEMP TABLE user_list AS
        SELECT gid, list(email ORDER BY NOT teacher, key) AS users,
               sum(strlen(email)) + count(*) - 1 AS bytes
        FROM (
            SELECT gid, lower(email) AS key, min(email) AS email, bool_or(teacher) AS teacher FROM (
                SELECT gid, email, teacher FROM addressed WHERE valid AND active
                UNION ALL SELECT n.gid, u.email, u.person = g.person FROM source g JOIN named n USING (sg)
                JOIN additional_user u ON u.profile = g.profile
            ) GROUP BY ALL
        ) GROUP BY gid
        """
    )


def load_chunks(connection: Connection, batch: int) -> None:
    """Add to `pending` the groups as they will stand in the file: chunks of 200 students, each with all users.

    Raises DataStop if the users of one group are too many for CERS ever to change them again.
    """
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE whole AS
        SELECT n.*, list_sort(f.ssids) AS ssids, coalesce(u.users, []) AS users, u.bytes
        FROM (SELECT gid, any_value(cds_code) AS cds_code, any_value(name) AS name, any_value(subject) AS subject,
                     any_value(school_year) AS school_year, min(school_id) AS school_id FROM named GROUP BY gid) n
        LEFT JOIN filled f USING (gid) LEFT JOIN user_list u USING (gid)
        """
    )
    _refuse_too_many_users(connection)
    connection.execute(
        f"""
        INSERT INTO finding_row SELECT 'group_without_students', school_id, 'groups', name, subject, NULL
            FROM whole WHERE len(coalesce(ssids, [])) = 0;
        INSERT INTO finding_row SELECT 'group_without_users', school_id, 'groups', name, subject, NULL
            FROM whole WHERE len(ssids) > 0 AND len(users) = 0;
        INSERT INTO pending
        SELECT {batch}, cds_code, name, n + 1, subject, school_year,
               ssids[n * {MAX_STUDENTS} + 1 : (n + 1) * {MAX_STUDENTS}] AS chunk, users,
               greatest(len(chunk), len(users))
        FROM (SELECT *, unnest(range((len(ssids) + {MAX_STUDENTS - 1}) // {MAX_STUDENTS})) AS n
              FROM whole WHERE len(ssids) > 0)
        ORDER BY cds_code, name, n;
        INSERT INTO seen_user SELECT DISTINCT lower(u) FROM (SELECT unnest(users) AS u FROM whole WHERE len(ssids) > 0);
        INSERT INTO seen_student SELECT count(DISTINCT s) FROM (SELECT unnest(ssids) AS s FROM whole);
        INSERT INTO seen_wanderer SELECT DISTINCT s FROM (SELECT unnest(ssids) AS s FROM whole)
            WHERE s IN (SELECT ssid_number FROM wanderer)
        """
    )


def _refuse_too_many_users(connection: Connection) -> None:
    too_many = connection.execute(
        f"SELECT name, cds_code, len(users), bytes FROM whole WHERE bytes > {MAX_USERS_BYTES} AND len(ssids) > 0 "
        f"ORDER BY cds_code, name LIMIT 1"
    ).fetchone()
    if too_many:
        name, cds_code, users, size = too_many
        raise DataStop(
            f"{name} of school {cds_code} has {users} users of {size:,} bytes together. CERS can hold "
            f"{MAX_USERS_BYTES:,} and could never change the group again. Choose fewer additional users."
        )
