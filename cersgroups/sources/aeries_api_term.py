"""Terms of one school of the Aeries API. Reference "SIS sources", 1.3; tracks are those of year-round schools."""

from typing import Any

from cersgroups.sources.aeries_api_cell import day, objects, reading, text
from cersgroups.sources.aeries_api_school import School
from cersgroups.sources.exchange import Answer
from cersgroups.sources.roster_table import RosterTables
from cersgroups.sources.tally import Tally

LABEL = "Aeries terms"
_TRACK_NAMES = ("Track", "TrackCode")


class Terms:
    """The codes of one school's terms; a term that a track has of its own is called `F/A` in the roster."""

    def __init__(self, school: School, tally: Tally) -> None:
        self._school, self._tally = school, tally
        self._codes: set[str] = set()
        self.latest, self.earliest = "", ""

    def write(self, answer: Answer, tables: RosterTables) -> None:
        """Both dates are inclusive; a term without either is left out with a finding."""
        with reading(answer):
            for row in answer.rows():
                code = text(row.get("TermCode"))
                tracks = [(self._track(track), track) for track in objects(row, "TrackTerms")]
                self._write(code, row, tables, told=not tracks)
                for name, track in tracks:
                    if name:
                        self._write(f"{code}/{name}", track, tables)

    def code(self, semester: str, track: str) -> str:
        """The term code of a section: its track's own, if there is one."""
        own = f"{semester}/{track}"
        return own if track and own in self._codes else semester

    def _track(self, row: dict[str, Any]) -> str:
        return next((text(row[name]) for name in _TRACK_NAMES if row.get(name)), "")

    def _write(self, code: str, row: dict[str, Any], tables: RosterTables, told: bool = True) -> None:
        start, end = day(row.get("StartDate")), day(row.get("EndDate"))
        if not start or not end:
            if told:
                key = f"{self._school.code}/{code}"
                self._tally.add("aeries_term_without_dates", LABEL, key, f"{start or '?'} to {end or '?'}")
            return
        self._codes.add(code)
        self.latest = max(self.latest, end)
        self.earliest = min(self.earliest or start, start)
        tables.write("terms", school_id=self._school.code, term_code=code, start_date=start, end_date=end)
