"""Classes by teacher and period as one SQL query in PostgreSQL's dialect (DEVELOPING.md, "Building").

It starts from the roster's tables as they come, and from `spelled (text, ascii)`: the texts with letters outside
ASCII, transliterated beforehand, because PostgreSQL has no such function. `:day` and `:subject` are replaced.
Byte order is COLLATE "C".
"""

_TOKEN = "coalesce(nullif(trim(both '-' from regexp_replace({0}, '[^A-Za-z0-9]+', '-', 'g')), ''), 'None')"  # noqa: S105 - a word in a name
_ADDRESS = "{0} ~ '^[!-~]+$' AND {0} !~ '^[-+=]' AND {0} ~ '^[^@,\"\\\\]+@[^@,\"\\\\]+$' AND length({0}) <= 255"


def _during(alias: str) -> str:
    return f":day BETWEEN coalesce({alias}.start_date, :day) AND coalesce({alias}.end_date, :day)"


_LIVE = f"""
live_term AS (SELECT school_id, term_code FROM terms WHERE :day BETWEEN start_date AND end_date),
live_section AS (
    SELECT c.school_id, c.section_number, coalesce(c.period, '') AS period, s.cds_code, s.school_number
    FROM sections c JOIN courses USING (course_id) JOIN schools s USING (school_id)
    WHERE coalesce(c.active, true) AND s.cds_code ~ '^[0-9]{{14}}$' AND EXISTS (
        SELECT FROM live_term t WHERE t.school_id = c.school_id
        AND t.term_code = ANY (string_to_array(c.term_code, '|')))
),
live_student AS (
    SELECT DISTINCT e.school_id, e.student_id, s.ssid FROM enrollments e JOIN students s USING (student_id)
    WHERE coalesce(e.active, true) AND {_during("e")} AND s.ssid ~ '^[0-9]{{10}}$'
)"""

_PEOPLE = f"""
record AS (
    SELECT t.school_id, t.teacher_number, t.last_name, t.first_name, t.email, coalesce(t.active, true) AS active,
           s.staff_id, coalesce(t.active, true) AND coalesce(s.active, true) AS live,
           coalesce('s' || s.staff_id, 't' || t.school_id || '/' || t.teacher_number) AS person
    FROM teachers t LEFT JOIN staff s USING (staff_id)
),
staff_at AS (
    SELECT school_id, staff_id, bool_or(live) AS live FROM record WHERE staff_id IS NOT NULL GROUP BY 1, 2
),
section_person AS (
    SELECT p.school_id, p.section_number, coalesce(p.role, 'primary') AS role,
           coalesce(r.person, 's' || s.staff_id) AS person,
           coalesce(r.live, coalesce(s.active, true) AND coalesce(a.live, true))
               AND coalesce(p.active, true) AND {_during("p")} AS live
    FROM section_staff p JOIN sections USING (school_id, section_number)
    LEFT JOIN record r USING (school_id, teacher_number)
    LEFT JOIN staff s ON s.staff_id = p.staff_id
    LEFT JOIN staff_at a ON a.school_id = p.school_id AND a.staff_id = s.staff_id
    WHERE r.person IS NOT NULL OR s.staff_id IS NOT NULL
),
named AS (
    SELECT school_id, person FROM record UNION SELECT school_id, person FROM section_person
    UNION
    SELECT v.school_id, coalesce(r.person, 's' || s.staff_id) FROM (
        SELECT school_id, homeroom_teacher_number AS value FROM enrollments WHERE homeroom_teacher_number IS NOT NULL
        UNION SELECT school_id, counselor_id FROM enrollments WHERE counselor_id IS NOT NULL) v
    LEFT JOIN record r ON r.school_id = v.school_id AND r.teacher_number = v.value
    LEFT JOIN staff s ON s.staff_id = v.value WHERE r.person IS NOT NULL OR s.staff_id IS NOT NULL
),
best AS (
    SELECT DISTINCT ON (school_id, person) * FROM record WHERE active
    ORDER BY school_id, person, teacher_number COLLATE "C"
),
card AS (
    SELECT n.school_id, n.person, coalesce(s.staff_id, o.teacher_number) AS id, coalesce(b.email, s.email) AS email,
           CASE WHEN coalesce(b.last_name, b.first_name) IS NOT NULL THEN concat_ws(' ', b.last_name, b.first_name)
                WHEN s.staff_id IS NOT NULL THEN concat_ws(' ', s.last_name, s.first_name)
                ELSE concat_ws(' ', o.last_name, o.first_name) END AS full_name
    FROM named n LEFT JOIN best b USING (school_id, person)
    LEFT JOIN staff s ON n.person = 's' || s.staff_id
    LEFT JOIN record o ON o.school_id = n.school_id AND o.person = n.person AND o.staff_id IS NULL
),
token AS (
    SELECT c.school_id, c.person, c.id, c.email, s.cds_code,
           {_TOKEN.format("coalesce(x.ascii, c.full_name)")} AS token
    FROM card c JOIN schools s USING (school_id) LEFT JOIN spelled x ON x.text = c.full_name
),
clash AS (
    SELECT cds_code, lower(token) AS key FROM token GROUP BY 1, 2 HAVING count(DISTINCT person) > 1
),
person AS (
    SELECT t.school_id, t.person, t.id, t.email,
           t.token || CASE WHEN c.key IS NULL THEN '' ELSE '-' || {_TOKEN.format("t.id")} END AS token
    FROM token t LEFT JOIN clash c ON c.cds_code = t.cds_code AND c.key = lower(t.token)
)"""

_GROUPS = f"""
taught AS (
    SELECT p.school_id, p.section_number, p.role, p.person, d.id, d.token, d.email
    FROM section_person p JOIN person d USING (school_id, person) WHERE p.live AND p.role <> 'aide'
),
teacher AS (
    SELECT DISTINCT ON (school_id, section_number) school_id, section_number, person, token FROM taught
    ORDER BY school_id, section_number, role <> 'primary', id COLLATE "C", person COLLATE "C"
),
grouped AS (
    SELECT s.school_id, s.section_number, s.cds_code, t.person,
           {_TOKEN.format("s.school_number")} || '_' || t.token || '_' ||
           {_TOKEN.format("coalesce(x.ascii, s.period)")} AS name
    FROM live_section s JOIN teacher t USING (school_id, section_number) LEFT JOIN spelled x ON x.text = s.period
),
whole AS (
    SELECT cds_code, lower(name) AS key, min(name COLLATE "C") AS name,
           CAST(dense_rank() OVER (ORDER BY cds_code, lower(name)) AS integer) AS gid
    FROM grouped GROUP BY 1, 2
),
section_gid AS (
    SELECT g.school_id, g.section_number, g.person, w.gid
    FROM grouped g JOIN whole w ON w.cds_code = g.cds_code AND w.key = lower(g.name)
)"""

_ROWS = f"""
member AS (
    SELECT gid, ssid, CAST(row_number() OVER (PARTITION BY gid ORDER BY ssid) - 1 AS integer) AS place FROM (
        SELECT DISTINCT g.gid, s.ssid COLLATE "C" AS ssid FROM rosters r
        JOIN section_gid g USING (school_id, section_number) JOIN live_student s USING (school_id, student_id)
        WHERE {_during("r")}) distinct_member
),
login AS (
    SELECT gid, email, row_number() OVER (PARTITION BY gid ORDER BY NOT teacher, key COLLATE "C") - 1 AS place FROM (
        SELECT g.gid, lower(t.email) AS key, min(t.email COLLATE "C") AS email,
               bool_or(t.person = g.person) AS teacher
        FROM section_gid g JOIN taught t USING (school_id, section_number)
        WHERE {_ADDRESS.format("t.email")} GROUP BY 1, 2) distinct_login
),
record_row AS (
    SELECT m.gid, m.place / 200 AS chunk, m.place % 200 AS place, m.ssid, l.email
    FROM member m LEFT JOIN login l ON l.gid = m.gid AND l.place = m.place % 200
    UNION ALL
    SELECT c.gid, c.chunk, l.place, NULL, l.email
    FROM (SELECT gid, place / 200 AS chunk, count(*) AS size FROM member GROUP BY 1, 2) c
    JOIN login l ON l.gid = c.gid AND l.place >= c.size
)"""

QUERY = f"""
WITH {",".join((_LIVE, _PEOPLE, _GROUPS, _ROWS))}
SELECT w.name || '_' || (r.chunk + 1) AS group_name, w.cds_code AS school_natural_id,
       (SELECT school_year FROM lea) AS school_year, :subject AS subject_code,
       r.ssid AS student_ssid, r.email AS group_user_login
FROM record_row r JOIN whole w USING (gid)
ORDER BY w.cds_code COLLATE "C", w.name COLLATE "C", r.chunk, r.place
"""
