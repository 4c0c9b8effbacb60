"""Roster folders for tests: a small district whose tables a test changes by name."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

Rows = Sequence[Mapping[str, str]]


def rows(text: str) -> list[dict[str, str]]:
    """Rows of a table drawn with `|`, the first line naming the columns."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    header, *body = lines
    return [dict(zip(header, cells, strict=True)) for cells in body]


def write_roster(folder: Path, tables: Mapping[str, Rows | str]) -> Path:
    """Write each table (rows, or text drawn with `|`) as `<table>.csv`; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, content in tables.items():
        body = rows(content) if isinstance(content, str) else list(content)
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(body[0]) if body else ["x"], lineterminator="\n")
            writer.writeheader()
            writer.writerows(body)
    return folder


DISTRICT: dict[str, str] = {
    "lea": """
        lea_code | name          | time_zone           | school_year
        99100    | Fig Unified   | America/Los_Angeles | 2027
    """,
    "schools": """
        school_id | school_number | name       | cds_code       | active | schedule   | tracks_primary_classes
        10        | 10            | Fig High   | 99100000000010 | true   | flex       | true
        20        | 20            | Plum Middle| 99100000000020 | true   | master     | false
        30        | 30            | Kiwi Elem  | 99100000000030 | true   | elementary | false
    """,
    "terms": """
        school_id | term_code | start_date | end_date
        10        | Y         | 2026-08-15 | 2027-06-10
        10        | F         | 2026-08-15 | 2026-12-20
        10        | S         | 2027-01-05 | 2027-06-10
        20        | Y         | 2026-08-15 | 2027-06-10
        30        | Y         | 2026-08-15 | 2027-06-10
    """,
    "courses": """
        course_id | title      | department | subject_area | active
        E9        | English 9  | ENG        | English      | true
        A1        | Algebra 1  | MAT        | Math         | true
        ES        | Español 1  | WL         | Spanish      | true
    """,
    "staff": """
        staff_id | last_name | first_name | email               | state_educator_id | active | school_ids
        1        | Ruiz      | Ana        | ana@fig.example     | 1000000001        | true   | 10
        2        | Chen      | Bo         | bo@fig.example      | 1000000002        | true   | 10
        3        | Núñez     | José       | jose@fig.example    | 1000000003        | true   | 10
        4        | Park      | Dana       | dana@fig.example    | 1000000004        | true   | 30
        5        | O'Hara    | Ed         | ed@fig.example      | 1000000005        | true   | 10
    """,
    "teachers": """
        school_id | teacher_number | staff_id | last_name | first_name | email              | active
        20        | 201            | 3        | Núñez     | José       | jose.n@fig.example | true
        30        | 301            | 4        | Park      | Dana       |                    | true
        30        | 302            |          | Lee       | Mina       | mina@fig.example   | true
    """,
    "sections": """
        school_id | section_number | course_id | period | term_code | primary_class | active
        10        | 1001           | E9        | 1      | Y         | true          | true
        10        | 1002           | E9        | 2      | F         | false         | true
        10        | 1003           | A1        | 3      | S         | false         | true
        20        | 2001           | ES        | 1      | Y         | false         | true
    """,
    "section_staff": """
        school_id | section_number | staff_id | teacher_number | role    | start_date | end_date | active
        10        | 1001           | 1        |                | primary |            |          | true
        10        | 1001           | 2        |                | co      |            |          | true
        10        | 1002           | 1        |                |         |            |          | true
        10        | 1003           | 2        |                | primary |            |          | true
        20        | 2001           |          | 201            | primary |            |          | true
    """,
    "students": """
        student_id | ssid       | last_name | first_name
        S1         | 7000000001 | Alba      | Ada
        S2         | 7000000002 | Brown     | Ben
        S3         | 7000000003 | Cruz      | Cy
        S4         | 7000000004 | Diaz      | Di
        S5         | 7000000005 | Else      | El
    """,
    "enrollments": """
        student_id | school_id | grade | active | start_date | end_date | homeroom_teacher_number | counselor_id
        S1         | 10        | 09    | true   |            |          |                         | 5
        S2         | 10        | 9     | true   |            |          |                         | 5
        S3         | 20        | 07    | true   |            |          |                         |
        S4         | 30        | 01    | true   |            |          | 301                     |
        S5         | 30        | KG    | true   |            |          | 302                     |
    """,
    "rosters": """
        school_id | section_number | student_id | start_date | end_date
        10        | 1001           | S1         |            |
        10        | 1001           | S2         |            |
        10        | 1002           | S1         |            |
        10        | 1003           | S2         |            |
        20        | 2001           | S3         |            |
    """,
    "student_groups": """
        group_code | school_id | name  | expires_on | confidential
        AVID       | 10        | AVID  |            | false
        504        |           | 504   |            | true
        OLD        |           | Old   | 2026-09-01 | false
    """,
    "group_members": """
        group_code | student_id
        AVID       | S1
        AVID       | S3
        504        | S2
        OLD        | S1
    """,
    "group_staff": """
        group_code | staff_id
        AVID       | 5
    """,
}
"""Three schools: a flex high school, a master-schedule middle school, an elementary school."""


def district(**changes: str) -> dict[str, str]:
    """DISTRICT with some tables replaced."""
    return {**DISTRICT, **changes}
