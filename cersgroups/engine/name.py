"""Names of groups in SQL: tokens, people with the same name, equal names, long names (DEVELOPING.md, "Names").

core/names.py is the rule; here it is applied to whole tables. Only texts with letters outside ASCII, and
names that are too long, go through Python, each once.
"""

from anyascii import anyascii

from cersgroups.core.error import DataStop
from cersgroups.core.names import MAX_NAME, NO_TOKEN, fit
from cersgroups.engine.database import Connection

_TOKEN = "coalesce(nullif(trim(regexp_replace({0}, '[^A-Za-z0-9]+', '-', 'g'), '-'), ''), '" + NO_TOKEN + "')"
"""SQL of core.names.token for a text that is ASCII already; a property test holds them equal."""


def create_tokens(connection: Connection, texts: str) -> None:
    """Make `token (text, token)` of the distinct texts that the query `texts` gives."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE plain AS SELECT DISTINCT coalesce(text, '') AS text FROM ({texts})"
    )
    accented = [
        text
        for (text,) in connection.execute(
            "SELECT text FROM plain WHERE NOT regexp_full_match(text, '[\\x00-\\x7F]*', 's')"
        ).fetchall()
    ]
    connection.execute("CREATE OR REPLACE TEMP TABLE spelled (text VARCHAR, ascii VARCHAR)")
    if accented:
        connection.execute(
            "INSERT INTO spelled SELECT unnest(?), unnest(?)", [accented, [anyascii(t) for t in accented]]
        )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE token AS SELECT text, {_TOKEN.format('coalesce(s.ascii, p.text)')} AS token "
        f"FROM plain p LEFT JOIN spelled s USING (text)"
    )


def create_group_tokens(connection: Connection, groups: str) -> None:
    """Make `group_token (group_code, token)`: a student group's name, with its code if another has the same."""
    create_tokens(connection, f"SELECT name AS text FROM {groups} UNION SELECT group_code FROM {groups}")
    connection.execute(
        f"""
        CREATE TABLE group_token AS
        SELECT g.group_code, g.name, t.token || CASE WHEN count(*) OVER (PARTITION BY lower(t.token)) > 1
               THEN '-' || c.token ELSE '' END AS token, t.token = '{NO_TOKEN}' AS empty
        FROM {groups} g JOIN token t ON t.text = coalesce(g.name, '') JOIN token c ON c.text = g.group_code
        """
    )


def create_names(connection: Connection) -> None:
    """From `source` (the groups the profiles ask for) make `named`: each with its final name and `gid`.

    Needs `scope_people`. Raises DataStop if two groups that mean different things have the same name.
    """
    create_tokens(
        connection,
        "SELECT full_name AS text FROM scope_people UNION SELECT id FROM scope_people "
        "UNION SELECT school_number FROM scope UNION SELECT raw FROM source",
    )
    _create_person_tokens(connection)
    _create_parts(connection)
    _refuse_equal_names(connection)
    _tell_two_styles(connection)
    _unite(connection)
    _fit_long_names(connection)
    _refuse_equal_final_names(connection)


def _create_person_tokens(connection: Connection) -> None:
    """A person's token gets the id when another person under that CDS code has the same, live or not."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE person_token AS
        WITH own AS (
            SELECT p.*, t.token FROM scope_people p JOIN token t ON t.text = coalesce(p.full_name, '')
        ), clash AS (
            SELECT cds_code, lower(token) AS key FROM own GROUP BY ALL HAVING count(DISTINCT person) > 1
        )
        SELECT o.school_row, o.person, o.full_name, o.id,
               o.token || CASE WHEN c.key IS NULL THEN '' ELSE '-' || i.token END AS token,
               o.token = 'None' AS empty
        FROM own o JOIN token i ON i.text = coalesce(o.id, '')
        LEFT JOIN clash c ON c.cds_code = o.cds_code AND c.key = lower(o.token)
        """
    )


def _create_parts(connection: Connection) -> None:
    """`part`: the name before its number, by type; `shown`: as it will be written; `meaning`: what it names."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE part AS
        WITH tokens AS (
            SELECT s.*, n.token AS school_token, p.token AS person_token, p.full_name, g.name AS group_name,
                   CASE s.kind WHEN 'grade' THEN 'Grade-' || s.raw WHEN 'counselor' THEN 'Counselor'
                        WHEN 'student_group' THEN g.token WHEN 'elementary_teacher' THEN NULL
                        ELSE r.token END AS raw_token,
                   coalesce(p.empty, false) OR coalesce(g.empty, false) OR n.token = 'None' OR
                   (s.kind NOT IN ('grade', 'counselor', 'student_group', 'elementary_teacher')
                    AND r.token = 'None') AS empty
            FROM source s
            JOIN token n ON n.text = coalesce(s.school_number, '')
            LEFT JOIN token r ON r.text = s.raw
            LEFT JOIN person_token p ON p.school_row = s.school_row AND p.person = s.person
            LEFT JOIN group_token g ON s.kind = 'student_group' AND g.group_code = s.raw
        ), joined AS (
            SELECT *, concat_ws('_', school_token, person_token, raw_token) AS part,
                   CASE WHEN kind IN ('grade', 'student_group', 'student_list', 'counselor') THEN kind
                        ELSE 'teacher' END || ':' || CASE WHEN person <> '' THEN person ELSE raw END AS meaning
            FROM tokens
        )
        SELECT *, CASE WHEN readable THEN replace(replace(part, '_', ' '), '-', ' ') ELSE part END AS shown
        FROM joined
        """
    )
    connection.execute(
        "INSERT INTO finding_row SELECT 'name_without_text', school_id, 'groups', shown, raw, kind "
        "FROM part WHERE empty"
    )


_SAID = (
    "CASE kind WHEN 'grade' THEN 'grade ' || raw WHEN 'student_group' THEN 'student group ' || raw || ' (' || "
    "coalesce(group_name, '') || ')' WHEN 'student_list' THEN 'list ' || raw WHEN 'counselor' THEN "
    "'counselor ' || full_name || ' (' || substr(person, 2) || ')' ELSE 'teacher ' || full_name || ' (' || "
    "substr(person, 2) || ')' || CASE WHEN raw = '' THEN '' ELSE ', ' || raw END END"
)
"""SQL: what a group means, in words."""


def _refuse_equal_names(connection: Connection) -> None:
    """Equal names must mean the same teacher, grade, student group or list: CERS replaces by name.

    Makes `alike`: the names, ignoring case, that several parts have. They are few, so that what equal names need is
    worked out for them alone.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE alike AS SELECT cds_code, lower(shown) AS key, min(meaning) <> max(meaning) "
        "AS differ FROM part GROUP BY ALL HAVING count(*) > 1"
    )
    found = connection.execute("SELECT cds_code, key FROM alike WHERE differ ORDER BY ALL LIMIT 1").fetchone()
    if found:
        raise _equal(
            *connection.execute(
                f"SELECT min(shown), arg_min({_SAID}, meaning), arg_max({_SAID}, meaning), min(cds_code) "
                f"FROM part WHERE cds_code = ? AND lower(shown) = ?",
                found,
            ).fetchall()[0]
        )


def _tell_two_styles(connection: Connection) -> None:
    """A group that one profile names safely and another readably is two groups for CERS, with the same students."""
    if connection.execute("SELECT count(DISTINCT readable) FROM profile").fetchone() == (1,):
        return
    connection.execute(
        "INSERT INTO finding_row SELECT 'name_styles_differ', min(school_id), 'groups', "
        "min(shown) FILTER (NOT readable), min(shown) FILTER (readable), NULL FROM part "
        "GROUP BY cds_code, lower(part) HAVING count(DISTINCT readable) > 1"
    )


def _equal(shown: str, one: str, other: str, cds_code: str) -> DataStop:
    return DataStop(
        f"Two different groups of school {cds_code} would both be called {shown}: {one}, and {other}. "
        f"CERS would take them for one. Rename one of them: in a file of its own it would replace the other in CERS."
    )


def _unite(connection: Connection) -> None:
    """One spelling for names equal ignoring case, the first in byte order; a subject where subjects differ."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE united AS
        WITH name AS (
            SELECT p.cds_code, a.key, min(struct_pack(shown, part)) AS first, min(subject) <> max(subject) AS mixed,
                   count(DISTINCT (kind, school_row, person, raw)) > 1 AS many
            FROM part p JOIN alike a ON a.cds_code = p.cds_code AND a.key = lower(p.shown) GROUP BY ALL
        )
        SELECT p.sg, p.school_row, p.school_id, p.cds_code, p.subject, p.shown AS own, p.readable, p.school_year,
               p.profile, p.meaning,
               coalesce(n.mixed, false) AS mixed, coalesce(n.many, false) AS many, n.key IS NOT NULL AS alike,
               CASE WHEN n.key IS NULL THEN p.part WHEN n.mixed THEN n.first.part || '_' || p.subject
                    ELSE n.first.part END AS part
        FROM part p LEFT JOIN name n ON n.cds_code = p.cds_code AND n.key = lower(p.shown)
        """
    )
    for code, condition in (("groups_united", "many"), ("subjects_differ", "mixed")):
        connection.execute(
            f"INSERT INTO finding_row SELECT '{code}', min(school_id), 'groups', part, "
            f"string_agg(DISTINCT own, ' | ' ORDER BY own), subject FROM united WHERE {condition} "
            f"GROUP BY cds_code, part, subject"
        )


def _fit_long_names(connection: Connection) -> None:
    long = [
        part
        for (part,) in connection.execute(
            f"SELECT DISTINCT part FROM united WHERE length(part) > {MAX_NAME}"
        ).fetchall()
    ]
    connection.execute("CREATE OR REPLACE TEMP TABLE fitted (part VARCHAR, short VARCHAR)")
    if long:
        connection.execute("INSERT INTO fitted SELECT unnest(?), unnest(?)", [long, [fit(p) for p in long]])
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE named AS
        SELECT u.*, CASE WHEN u.readable THEN replace(replace(coalesce(f.short, u.part), '_', ' '), '-', ' ')
               ELSE coalesce(f.short, u.part) END AS name, coalesce(a.gid, u.sg) AS gid
        FROM united u LEFT JOIN fitted f USING (part)
        LEFT JOIN (SELECT cds_code, part, readable, min(sg) AS gid FROM united WHERE alike GROUP BY ALL) a
            ON u.alike AND a.cds_code = u.cds_code AND a.part = u.part AND a.readable = u.readable
        """
    )
    connection.execute(
        "INSERT INTO finding_row SELECT DISTINCT 'name_cut', school_id, 'groups', name, part, NULL "
        "FROM named WHERE part IN (SELECT part FROM fitted)"
    )


def _refuse_equal_final_names(connection: Connection) -> None:
    """A subject or a cut must not have made two names equal that were different."""
    if not connection.execute("SELECT 1 FROM named WHERE mixed OR name <> own LIMIT 1").fetchone():
        return
    found = connection.execute(
        "SELECT min(name), min(part), max(part), cds_code FROM named GROUP BY cds_code, lower(name) "
        "HAVING min(gid) <> max(gid) ORDER BY 1 LIMIT 1"
    ).fetchone()
    if found:
        raise _equal(*found)
