"""The demo districts that are measured: made once by seed 1 in `bench-data`, and reused."""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measurement import Measurement, measure

AS_OF = "2026-11-23"
SEED = 1


@dataclass(frozen=True)
class District:
    """Where the data of one size lies."""

    students: int
    data: Path

    @property
    def folder(self) -> Path:
        return self.data / str(self.students)

    @property
    def roster(self) -> Path:
        return self.folder / "roster"

    @property
    def snapshot(self) -> Path:
        return self.folder / "snapshot"

    @property
    def profile(self) -> Path:
        return self.folder / "classes.toml"

    @property
    def finished(self) -> Path:
        """The finished rows as Parquet, from which the floor is measured."""
        return self.folder / "finished.parquet"

    def prepare(self) -> None:
        """Make the roster unless it is there, and the profile: classes by teacher and period, all schools."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.roster.exists():
            measure("cersgroups", "demo-roster", self.roster, "--students", str(self.students), "--seed", str(SEED))
        with (self.roster / "schools.csv").open(encoding="utf-8", newline="") as file:
            schools = [row["school_id"] for row in csv.DictReader(file)]
        self.profile.write_text(profile(schools), encoding="utf-8")

    def convert(self) -> Measurement:
        """Make the snapshot anew: the program that is measured must have written it."""
        shutil.rmtree(self.snapshot, ignore_errors=True)
        return measure("cersgroups", "roster", "convert", self.roster, self.snapshot)

    def empty(self, name: str) -> Path:
        """An empty folder for output."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder


def profile(schools: Iterable[str]) -> str:
    """The measured profile as TOML."""
    return (
        'name = "Classes"\nschool_year = 2027\nsubject = "ELA"\ntype = "classes"\n'
        f'name_pattern = "teacher_period"\nschools = {json.dumps(list(schools))}\n'
    )


def files_of(extract: Path) -> list[Path]:
    """The files of an extract, in order: name.csv, or name-1.csv, name-2.csv, ..."""
    return sorted(extract.glob("*.csv"), key=lambda path: (len(path.name), path.name))


def digest(files: Iterable[Path]) -> str:
    """The SHA-256 of all rows after the files' headers: equal however the rows are spread over files."""
    content = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            file.readline()
            while block := file.read(1 << 20):
                content.update(block)
    return content.hexdigest()
