"""Student groups of the Aeries database: confidential and expired ones stay what they are."""

from itertools import groupby

from cersgroups.sources import aeries_database_statement as statement
from cersgroups.sources.aeries_database_cell import day, flag, reference, text, written
from cersgroups.sources.aeries_database_reading import Reading


def write_groups(reading: Reading) -> None:
    """Write `student_groups`, `group_members` and `group_staff`; groups with one id are left out."""
    codes = set()
    for code, of_one in groupby(reading.rows(statement.student_groups(), "SGD"), lambda row: text(row.GI)):
        rows = list(of_one)
        if len(rows) > 1:
            reading.tally.add("aeries_group_ambiguous", "SGD", code)
            continue
        codes.add(code)
        reading.tables.write(
            "student_groups",
            group_code=code,
            name=text(rows[0].GN) or code,
            expires_on=day(rows[0].DX),
            confidential=written(flag(rows[0].CG)),
        )
    for row in reading.rows(statement.group_members(), "SGM"):
        if text(row.GI) in codes:
            reading.tables.write("group_members", group_code=text(row.GI), student_id=reference(row.ID))
    for row in reading.rows(statement.group_staff(), "SGS"):
        if text(row.GI) in codes:
            reading.tables.write("group_staff", group_code=text(row.GI), staff_id=reference(row.ID))
