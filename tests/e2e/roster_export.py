"""Rosters as files, for the browser tests: a roster folder as a zip, and a OneRoster export with an odd place."""

import zipfile
from pathlib import Path

from tests.engine.roster_files import DISTRICT, rows, write_roster
from tests.sources.oneroster_files import export, texts, write_zip


def roster_folder_zip(folder: Path, students: int | None = None) -> Path:
    """The small district of tests/engine/roster_files.py as a zip, or only its first students."""
    tables = write_roster(folder / "roster", {**DISTRICT, "students": rows(DISTRICT["students"])[:students]})
    path = folder / ("fig-unified.zip" if students is None else "fig-unified-part.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for table in sorted(tables.iterdir()):
            archive.write(table, table.name)
    return path


def ambiguous_export(folder: Path) -> Path:
    """A OneRoster export where two places hold 10 digits for every student: only a person knows which is the SSID."""
    files = export()
    for number, user in enumerate(files["users"]):
        if user["role"] == "student":
            user["identifier"] = f"900000000{number}"
    return write_zip(folder / "oneroster.zip", texts(files))
