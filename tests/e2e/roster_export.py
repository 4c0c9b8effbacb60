"""Rosters as files, for the browser tests: a roster folder as a zip, and a OneRoster export with an odd place."""

import zipfile
from datetime import date, timedelta
from pathlib import Path

from tests.engine.roster_files import DISTRICT, rows, write_roster
from tests.sources.oneroster_files import export, texts, write_zip


def roster_folder_zip(folder: Path, students: int | None = None, without_staff: str = "") -> Path:
    """The small district (tests/engine/roster_files.py) as a zip, or only its first students, or a teacher inactive."""
    staff = [{**row, "active": str(row["staff_id"] != without_staff).lower()} for row in rows(DISTRICT["staff"])]
    changes = {"students": rows(DISTRICT["students"])[:students], "staff": staff, "terms": terms_that_run()}
    tables = write_roster(folder / "roster", {**DISTRICT, **changes})
    path = folder / ("fig-unified.zip" if students is None and not without_staff else "fig-unified-part.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for table in sorted(tables.iterdir()):
            archive.write(table, table.name)
    return path


def terms_that_run() -> list[dict[str, str]]:
    """The district's terms, a month around today: the server's clock is real."""
    today = date.today()
    span = {"start_date": str(today - timedelta(days=30)), "end_date": str(today + timedelta(days=30))}
    return [{**row, **span} for row in rows(DISTRICT["terms"])]


def ambiguous_export(folder: Path) -> Path:
    """A OneRoster export where two places hold 10 digits for every student: only a person knows which is the SSID."""
    files = export()
    for number, user in enumerate(files["users"]):
        if user["role"] == "student":
            user["identifier"] = f"900000000{number}"
    return write_zip(folder / "oneroster.zip", texts(files))


def plain_export(folder: Path) -> Path:
    """A OneRoster export as many are: its courses have neither department nor subjects."""
    files = export()
    for course in files["courses"]:
        course |= {"orgSourcedId": "D1", "subjects": ""}
    return write_zip(folder / "oneroster.zip", texts(files))
