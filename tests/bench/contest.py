"""The contest at one size: ours, the floor, and others who do the same work, each in a process of its own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.district import AS_OF, District, digest, files_of
from tests.bench.measurement import Measurement, measure, median_of

BUILD = "cersgroups build"
ENGINE = "engine alone"
FLOOR = "floor: DuckDB COPY"
PLAIN = "plain Python"
POSTGRES = "PostgreSQL"
CONVERT = "roster convert"

SMALL = 1_000_000
"""Below so many students everything is run several times."""


@dataclass(frozen=True)
class Line:
    """One line of the table. `same`: whether the rows are byte for byte ours (None: nothing to compare)."""

    what: str
    students: int
    rows: int
    measurement: Measurement
    same: bool | None = None
    note: str = ""


@dataclass(frozen=True)
class Ours:
    """What our command wrote, to compare with."""

    rows: int
    digest: str


class Contest:
    """Runs everybody for one district; gives the lines as they are ready."""

    def __init__(self, district: District, runs: int, tell: Callable[[str], None]) -> None:
        self.district = district
        self.runs = runs if district.students < SMALL else 1
        self.tell = tell

    def lines(self, plain: bool) -> Iterator[Line]:
        """All lines; `plain` also runs plain Python, which holds the whole roster in memory."""
        self._begin("making the roster")
        self.district.prepare()
        self._begin(CONVERT)
        convert = self.district.convert()
        build, ours = self._build()
        yield build
        yield self._engine(ours)
        yield self._floor(ours)
        if plain:
            yield self._plain(ours)
        yield self._postgres(ours)
        yield Line(CONVERT, self.district.students, ours.rows, convert, note="once, from the roster folder")

    def _begin(self, what: str) -> None:
        self.tell(f"{self.district.students:,} students: {what}")

    def _line(self, what: str, ours: Ours, measurement: Measurement, folder: Path, note: str = "") -> Line:
        """Compare what was written in `folder` with ours, and remove it: at the largest size it is gigabytes."""
        same = digest(files_of(folder)) == ours.digest
        shutil.rmtree(folder)
        return Line(what, self.district.students, ours.rows, measurement, same, note)

    def _build(self) -> tuple[Line, Ours]:
        self._begin(BUILD)
        d = self.district

        def run() -> Measurement:
            target = d.empty("extract") / "classes.csv"
            return measure("cersgroups", "build", d.snapshot, d.profile, "--as-of", AS_OF, "--out", target, "--json")

        measured = median_of(self.runs, run)
        extract = d.folder / "extract"
        measure("tests.bench.floor", "keep", extract, d.finished)
        ours = Ours(measured.said["records"], digest(files_of(extract)))
        return Line(BUILD, d.students, ours.rows, measured, note="whole command, every file validated"), ours

    def _engine(self, ours: Ours) -> Line:
        self._begin(ENGINE)
        d = self.district
        measured = median_of(
            self.runs,
            lambda: measure("tests.bench.engine", d.snapshot, d.profile, d.empty("engine")).timed_inside(),
        )
        for findings in (d.folder / "engine").glob("findings.csv"):
            findings.unlink()
        return self._line(ENGINE, ours, measured, d.folder / "engine", "build() only")

    def _floor(self, ours: Ours) -> Line:
        self._begin(FLOOR)
        d = self.district
        measured = median_of(
            self.runs,
            lambda: measure("tests.bench.floor", "copy", d.finished, d.empty("floor") / "rows.csv").timed_inside(),
        )
        return self._line(FLOOR, ours, measured, d.folder / "floor", "COPY only, 2 threads")

    def _plain(self, ours: Ours) -> Line:
        self._begin(PLAIN)
        d = self.district
        measured = median_of(
            self.runs, lambda: measure("tests.bench.plain_python", d.roster, d.empty("plain") / "classes.csv")
        )
        return self._line(PLAIN, ours, measured, d.folder / "plain", "csv, dict, set; from the roster folder")

    def _postgres(self, ours: Ours) -> Line:
        self._begin(POSTGRES)
        d = self.district
        measured = measure("tests.bench.postgres", d.roster, d.empty("postgres"), str(self.runs)).timed_inside()
        note = f"version {measured.said['version']}; tables loaded before in {measured.said['load']:.1f} s"
        return self._line(POSTGRES, ours, measured, d.folder / "postgres", note)
