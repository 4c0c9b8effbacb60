"""Findings while they are gathered: counted by code, with their rows."""

from collections import defaultdict

from cersgroups.core.finding import Finding, FindingRow
from cersgroups.core.finding_source import BULK, MAX_EXAMPLES


class Tally:
    """Counts findings of one reading. Of bulk kinds only the first rows are kept."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._rows: defaultdict[str, list[FindingRow]] = defaultdict(list)

    def add(self, code: str, table: str = "", key: str = "", value: str = "", note: str = "") -> None:
        """One more row of this kind; `table` is the file the person knows."""
        self._counts[code] += 1
        rows = self._rows[code]
        if code not in BULK or len(rows) < MAX_EXAMPLES:
            rows.append(FindingRow(table, key, value, note))

    def note(self, code: str, count: int, table: str = "", value: str = "", note: str = "") -> None:
        """`count` things in one row, such as the number of students that were counted."""
        self._counts[code] += count
        self._rows[code].append(FindingRow(table, "", value, note))

    def findings(self) -> tuple[Finding, ...]:
        """In the order in which the kinds first occurred."""
        return tuple(Finding(code, count, tuple(self._rows[code])) for code, count in self._counts.items())
