"""Student groups as files: the rows of what was built, and groups.parquet, which says where each group comes from."""

from collections.abc import Sequence
from pathlib import Path

from cersgroups.core.student_group import HEADER
from cersgroups.engine.database import Connection, connect, text

GROUPS_FILE = "groups.parquet"
"""In the folder of an extract: cds_code, name, school_year, subject, profiles (places among those of the build) and
identity (what the group stands for: a teacher, a grade, ...; engine/name.py, `meaning`)."""

GROUP_NAME = "concat(name, CASE WHEN contains(name, ' ') THEN ' ' ELSE '_' END, number)"
"""SQL: the whole name of a group in a batch, with its number."""


def create_written_groups(connection: Connection) -> None:
    """Make `written_group`, which every batch adds to."""
    connection.execute(
        "CREATE TABLE written_group (cds_code VARCHAR, name VARCHAR, school_year INTEGER, subject VARCHAR, "
        "profiles INTEGER[], identity VARCHAR)"
    )


def write_groups(connection: Connection, folder: Path) -> None:
    """Write groups.parquet into the extract's folder."""
    path = text(str(folder / GROUPS_FILE))
    connection.execute(f"COPY (FROM written_group ORDER BY cds_code, name) TO {path} (FORMAT parquet)")


def find_shared_names(groups: Sequence[Path]) -> list[tuple[str, str, tuple[int, ...]]]:
    """CDS code and name of every group that several of these groups.parquet name, with their places, in order.

    Names are compared as the receiver compares ours: without case. The spelling is that of the last.
    """
    if not groups:
        return []
    paths = f"[{', '.join(text(str(path)) for path in groups)}]"
    with connect() as connection:
        rows = connection.execute(
            f"WITH places AS (SELECT unnest({paths}) AS filename, unnest(range({len(groups)})) AS place) "
            f"SELECT cds_code, arg_max(name, place), list(place ORDER BY place) "
            f"FROM read_parquet({paths}, filename = true) JOIN places USING (filename) "
            f"GROUP BY cds_code, lower(name) HAVING count(DISTINCT place) > 1 ORDER BY cds_code, lower(name)"
        ).fetchall()
    return [(cds_code, name, tuple(places)) for cds_code, name, places in rows]


def read_rows(files: Sequence[Path]) -> str:
    """SQL: the rows of the files, all cells as text, those that are missing blank."""
    if not files:
        blank = ", ".join(f"'' AS {column}" for column in HEADER)
        return f"(SELECT {blank} WHERE false)"
    paths = ", ".join(text(str(file)) for file in files)
    columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in HEADER)
    cells = ", ".join(f"coalesce({column}, '') AS {column}" for column in HEADER)
    return (
        f"(SELECT {cells} FROM read_csv([{paths}], header = true, delim = ',', quote = '', escape = '', "
        f"auto_detect = false, columns = {{{columns}}}))"
    )
