"""Every section of retiring.md, run: by the ledger and the difference, and by the model of the receiver."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from cersgroups.cers.known import Known
from cersgroups.cers.warehouse import Warehouse
from cersgroups.engine.difference import Difference, Sent, compare
from cersgroups.engine.ledger import Ledger, apply
from cersgroups.engine.retirement import Retirement
from tests.engine.ledger_files import SentFile, write_upload
from tests.spec.retiring_case import PROFILES, RetiringCase, retiring_cases, ssids

_CASES = [pytest.param(case, id=case.title) for case in retiring_cases(Path(__file__).with_name("retiring.md"))]


class Run:
    """One section, from the ledger before to what is in CERS after."""

    def __init__(self, case: RetiringCase, folder: Path) -> None:
        self.folder = folder
        self.before = write_upload(folder / "before", case.held, tuple(PROFILES.values()))
        self.now = write_upload(folder / "now", case.sent, case.extract_of) if case.sent else None
        self.ledger = self._apply(None, self.before, "held")
        self.difference = self._compare(case)

    def _apply(self, ledger: Ledger | None, sent: SentFile, name: str) -> Ledger:
        return apply(ledger, [sent.path], sent.groups, sent.profile_ids, self.folder / name)

    def _compare(self, case: RetiringCase) -> Difference:
        sent = Sent([self.now.path], self.now.groups, self.now.profile_ids) if self.now else Sent()
        retirement = Retirement(case.retire_year, case.extract_of, case.existing, everything=case.everything)
        return compare(self.ledger, sent, retirement, None, self.folder)

    @property
    def retired(self) -> str | None:
        file = self.difference.retired_file
        return file.read_text() if file else None

    def rows(self) -> list[tuple[str, str, str, str]]:
        with (self.folder / "difference.csv").open(encoding="utf-8-sig", newline="") as file:
            return sorted((r["group"], r["change"], r["action"], r["value"]) for r in csv.DictReader(file))

    def ledger_after(self) -> Ledger:
        ledger = self._apply(self.ledger, self.now, "sent") if self.now else self.ledger
        file = self.difference.retired_file
        return apply(ledger, [file], None, (), self.folder / "after") if file else ledger

    def receiver_after(self) -> set[str]:
        """The groups in which the model of the receiver then has anybody."""
        warehouse = Warehouse(Known(None, frozenset({2026, 2027}), ("Math", "ELA")))
        files = [self.before.path, self.now.path if self.now else None, self.difference.retired_file]
        for file in filter(None, files):
            assert warehouse.upload(file.read_bytes()).outcome == "loaded"
        return {group["name"] for group in warehouse.state()["groups"] if group["members"] or group["users"]}


def _expected_rows(happens: Sequence[dict[str, str]]) -> list[tuple[str, str, str, str]]:
    people = [
        (row["group"], row["change"], action, value)
        for row in happens
        for action in ("added", "removed")
        for value in ssids(row[action])
    ]
    subjects = [(row["group"], row["change"], "changed", row["subject"]) for row in happens if row.get("subject")]
    return sorted(people + subjects)


@pytest.mark.parametrize("case", _CASES)
def test_the_manual_of_retiring_is_true(case: RetiringCase, tmp_path: Path) -> None:
    run = Run(case, tmp_path)
    assert run.rows() == _expected_rows(case.happens)
    changes, figures = Counter(row["change"] for row in case.happens), run.difference.figures.as_json()
    assert {c: figures[f"groups_{c}"] for c in ("new", "changed", "unchanged", "retired")} == {
        c: changes[c] for c in ("new", "changed", "unchanged", "retired")
    }
    retired = {row["group"] for row in case.happens if row["change"] == "retired"}
    assert {line.split(",")[0] for line in (run.retired or "").splitlines()[1:]} == retired
    if case.csv is not None:
        assert run.retired == case.csv
    wanted = ({name for name, group in case.held.items() if group.students} - retired) | {
        row["group"] for row in case.happens if row["change"] != "retired"
    }
    assert run.receiver_after() == wanted
    assert run.ledger_after().groups == len(wanted)


@pytest.mark.parametrize("case", _CASES)
def test_every_section_of_retiring_says_something_and_shows_it(case: RetiringCase) -> None:
    assert case.prose.endswith(".")
    assert case.happens
