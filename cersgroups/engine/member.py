"""The students and users of the named groups of one batch: the SSIDs as one text per group, the users as a list."""

from collections.abc import Sequence
from datetime import date

from cersgroups.core.error import DataStop
from cersgroups.core.profile import Profile
from cersgroups.core.student_group import MAX_STUDENTS, MAX_USERS_BYTES
from cersgroups.engine.database import Connection
from cersgroups.engine.live import during, section_range
from cersgroups.engine.person import PERSON_TABLE, VALID_EMAIL
from cersgroups.engine.snapshot import Snapshot
from cersgroups.engine.student_group import GROUP_NAME

SSID_LINE = 11
"""Characters of an SSID and its line end, in a text of SSIDs."""

ADDITIONAL = "additional user"
_CHUNK = MAX_STUDENTS * SSID_LINE
_SSID = "lpad(CAST(ssid_number AS VARCHAR), 10, '0')"


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
            NULL, 'staff', staff_id, CASE WHEN active THEN coalesce(email, '{ADDITIONAL}') ELSE '{ADDITIONAL}' END,
            CASE WHEN active AND email IS NOT NULL THEN '{ADDITIONAL}' END
        FROM additional WHERE NOT active OR NOT valid;
        CREATE TABLE additional_user AS SELECT profile, 's' || staff_id AS person, email FROM additional
        WHERE active AND valid;
        CREATE TABLE group_person AS SELECT g.group_code, 's' || g.staff_id AS person, s.email,
               coalesce({VALID_EMAIL.format("s.email")}, false) AS email_valid, s.active
        FROM {snapshot.parquet("group_staff")} g JOIN {snapshot.parquet("staff")} s USING (staff_id)
        WHERE EXISTS (SELECT 1 FROM profile_role WHERE role = 'group_staff')
        """
    )


def load_members(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    """Make `filled`: by `gid` the SSIDs in order, each once, one a line; findings for students left out.

    A text of one section is ready as it is; only several have to be sorted into each other, and only where an
    SSID may stand in two of them is there a search for equal ones. One CASE for all three would take twice as long.
    """
    _load_pieces(connection, snapshot, as_of)
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE gathered AS
        SELECT gid, count(*) AS pieces, string_agg(ssids, chr(10)) AS ssids,
               bool_or(repeats) OR min(section_row) <> max(section_row) AS repeats
        FROM piece GROUP BY gid;
        CREATE OR REPLACE TEMP TABLE filled AS
        SELECT gid, ssids FROM gathered WHERE pieces = 1
        UNION ALL
        SELECT gid, array_to_string(
            CASE WHEN repeats
                 THEN list_filter(sorted, lambda ssid, place: place = 1 OR ssid <> sorted[place - 1])
                 ELSE sorted END, chr(10))
        FROM (SELECT gid, repeats, list_sort(string_split(ssids, chr(10))) AS sorted FROM gathered WHERE pieces > 1)
        """
    )
    _gather_lost_students(connection, snapshot, as_of)


def _load_pieces(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    """`piece`: SSIDs of a group that are known together; `loose` and `source_student` give them one by one."""
    low, high = section_range(connection)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE section_gid AS SELECT DISTINCT n.gid, s.section_row, s.school_row
            FROM source_section s JOIN named n USING (sg);
        CREATE OR REPLACE TEMP TABLE loose AS
        SELECT g.gid, g.section_row, g.school_row, r.student_row, e.ssid_number, e.student_row IS NOT NULL AS enrolled
        FROM {snapshot.parquet("loose_rosters")} r JOIN section_gid g ON g.section_row = r.section_row
        LEFT JOIN live_enrollment e ON e.student_row = r.student_row AND e.school_row = g.school_row
        WHERE r.section_row BETWEEN {low} AND {high} AND {during(as_of, "r")};
        CREATE OR REPLACE TEMP VIEW piece AS
        SELECT g.gid, g.section_row, t.repeats, t.ssids
        FROM {snapshot.parquet("section_students")} t JOIN section_gid g ON g.section_row = t.section_row
        WHERE t.section_row BETWEEN {low} AND {high} AND {during(as_of, "t")} AND {_enrolled(as_of)}
        UNION ALL
        SELECT gid, section_row, true, {_SSID} FROM loose WHERE ssid_number IS NOT NULL
        UNION ALL
        SELECT n.gid, NULL, true, {_SSID} FROM source_student s JOIN named n USING (sg) WHERE ssid_number IS NOT NULL
        """
    )


def _enrolled(as_of: date) -> str:
    """SQL: the enrollment of the students of a `section_students` row contains the day."""
    return during(as_of, "t", "enrolled_from", "enrolled_to")


def _gather_lost_students(connection: Connection, snapshot: Snapshot, as_of: date) -> None:
    """`lost_student`: on a live roster row without a live enrollment, or enrolled without an SSID."""
    low, high = section_range(connection)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE left_section AS SELECT DISTINCT g.section_row, g.school_row
            FROM {snapshot.parquet("section_students")} t JOIN section_gid g ON g.section_row = t.section_row
            WHERE t.section_row BETWEEN {low} AND {high} AND {during(as_of, "t")} AND NOT ({_enrolled(as_of)});
        INSERT INTO lost_student SELECT DISTINCT l.student_row, c.school_id, l.enrolled
        FROM (
            SELECT student_row, school_row, enrolled FROM loose WHERE ssid_number IS NULL
            UNION ALL
            SELECT s.student_row, n.school_row, true FROM source_student s JOIN named n USING (sg)
            WHERE s.ssid_number IS NULL
        ) l JOIN scope c USING (school_row)
        """
    )
    if connection.execute("SELECT 1 FROM left_section LIMIT 1").fetchone():
        connection.execute(
            f"""
            INSERT INTO lost_student SELECT DISTINCT r.student_row, c.school_id, false
            FROM {snapshot.parquet("rosters")} r JOIN left_section s USING (section_row) JOIN scope c USING (school_row)
            ANTI JOIN live_enrollment e ON e.student_row = r.student_row AND e.school_row = s.school_row
            WHERE r.section_row BETWEEN {low} AND {high} AND {during(as_of, "r")}
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
    """Make `user_list`: by `gid` the users in their order; findings for people without a usable e-mail.

    Most groups have one user, and need no list that is put in order, which costs four times as much.
    """
    connection.execute(
        f"""
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
            c.school_id, {PERSON_TABLE.format("a.person")}, substr(a.person, 2),
            CASE WHEN NOT a.active THEN 'staff of a student group' ELSE coalesce(email, 'at ' || c.school_id) END, NULL
        FROM addressed a JOIN scope c USING (school_row) WHERE NOT valid OR NOT a.active;
        CREATE OR REPLACE TEMP TABLE login AS
            SELECT gid, lower(email) AS key, min(email) AS email, bool_or(teacher) AS teacher FROM (
                SELECT gid, email, teacher FROM addressed WHERE valid AND active
                UNION ALL SELECT n.gid, u.email, u.person = g.person FROM source g JOIN named n USING (sg)
                JOIN additional_user u ON u.profile = g.profile
            ) GROUP BY ALL;
        CREATE OR REPLACE TEMP TABLE login_count AS SELECT gid, count(*) AS logins, any_value(email) AS email
            FROM login GROUP BY gid;
        CREATE OR REPLACE TEMP TABLE user_list AS
        SELECT gid, [email] AS users, strlen(email) AS bytes FROM login_count WHERE logins = 1
        UNION ALL
        SELECT gid, list(email ORDER BY NOT teacher, key), sum(strlen(email)) + count(*) - 1
        FROM login SEMI JOIN (FROM login_count WHERE logins > 1) USING (gid) GROUP BY gid
        """
    )


def load_chunks(connection: Connection, batch: int) -> None:
    """Make `batch_<batch>`: the groups as they will stand in the file, in its order: chunks of 200 students, each
    with all users. `ssids` are lines, `rows` how many rows the file will have, `number` the n of the name.

    Raises DataStop if the users of one group are too many for CERS ever to change them again.
    """
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE whole AS
        SELECT n.*, f.ssids, (strlen(coalesce(f.ssids, '')) + 1) // {SSID_LINE} AS students,
               coalesce(u.users, []) AS users, u.bytes, coalesce(p.profiles, [n.profile]) AS profiles
        FROM (SELECT gid, any_value(cds_code) AS cds_code, any_value(name) AS name, any_value(subject) AS subject,
                     any_value(school_year) AS school_year, min(school_id) AS school_id,
                     min(profile) AS profile, min(meaning) AS identity
              FROM named GROUP BY gid) n
        LEFT JOIN filled f USING (gid) LEFT JOIN user_list u USING (gid)
        LEFT JOIN (SELECT gid, list(DISTINCT profile ORDER BY profile) AS profiles
                   FROM named WHERE alike GROUP BY gid) p USING (gid)
        """
    )
    _refuse_too_many_users(connection)
    connection.execute(
        f"""
        INSERT INTO finding_row SELECT 'group_without_students', school_id, 'groups', name, subject, NULL
            FROM whole WHERE students = 0;
        INSERT INTO finding_row SELECT 'group_without_users', school_id, 'groups', name, subject, NULL
            FROM whole WHERE students > 0 AND len(users) = 0;
        CREATE TABLE batch_{batch} AS
        SELECT cds_code, name, n + 1 AS number, subject, school_year,
               substr(ssids, n * {_CHUNK} + 1, {_CHUNK} - 1) AS ssids,
               least(students - n * {MAX_STUDENTS}, {MAX_STUDENTS}) AS students, users,
               greatest(least(students - n * {MAX_STUDENTS}, {MAX_STUDENTS}), len(users)) AS rows, profiles, identity
        FROM (SELECT *, unnest(range((students + {MAX_STUDENTS - 1}) // {MAX_STUDENTS})) AS n FROM whole)
        ORDER BY cds_code, name, n;
        INSERT INTO written_group SELECT cds_code, {GROUP_NAME}, school_year, subject, profiles, identity
            FROM batch_{batch};
        INSERT INTO seen_user SELECT DISTINCT lower(u) FROM (SELECT unnest(users) AS u FROM whole WHERE students > 0);
        CREATE OR REPLACE TEMP TABLE seen AS SELECT DISTINCT s
            FROM (SELECT unnest(string_split(ssids, chr(10))) AS s FROM whole WHERE students > 0);
        INSERT INTO seen_student SELECT count(*) FROM seen;
        INSERT INTO seen_wanderer SELECT ssid_number FROM wanderer JOIN seen ON s = {_SSID}
        """
    )


def _refuse_too_many_users(connection: Connection) -> None:
    too_many = connection.execute(
        f"SELECT name, cds_code, len(users), bytes FROM whole WHERE bytes > {MAX_USERS_BYTES} AND students > 0 "
        f"ORDER BY cds_code, name LIMIT 1"
    ).fetchone()
    if too_many:
        name, cds_code, users, size = too_many
        raise DataStop(
            f"{name} of school {cds_code} has {users} users of {size:,} bytes together. CERS can hold "
            f"{MAX_USERS_BYTES:,} and could never change the group again. Choose fewer additional users."
        )
