"""The benchmark's own arithmetic: targets, the table, a measured process. Nothing here depends on time."""

from pathlib import Path

import pytest

from cersgroups.cers.validation import Known, validate_file
from tests.bench.contest import BUILD, FLOOR, POSTGRES, Line
from tests.bench.district import files_of
from tests.bench.filter_list_contest import Typed
from tests.bench.measurement import Measurement, measure, median_of
from tests.bench.table import as_markdown, as_text, verdicts
from tests.bench.target import filter_list_targets, targets, validation_target
from tests.bench.validation import write_clean_file


def line(what: str, students: int, seconds: float, peak_mb: float = 100.0, same: bool | None = None) -> Line:
    return Line(what, students, 1_234_567, Measurement(seconds, peak_mb, {}), same)


def reached(*lines: Line) -> list[bool]:
    return [target.reached for target in targets(lines)]


def test_a_large_build_may_take_seven_floors_and_less_than_500_megabytes() -> None:
    floor = line(FLOOR, 600_000, 0.5)
    assert reached(floor, line(BUILD, 600_000, 3.5, 499.0)) == [True, True]
    assert reached(floor, line(BUILD, 600_000, 3.6, 500.0)) == [False, False]


def test_each_size_is_compared_with_its_own_floor() -> None:
    lines = [line(FLOOR, 600_000, 1.0), line(BUILD, 600_000, 8.0), line(FLOOR, 5_800_000, 10.0)]
    assert reached(*lines, line(BUILD, 5_800_000, 8.0)) == [False, True, True, True]


def test_a_district_of_60000_is_to_be_built_within_a_second() -> None:
    assert reached(line(FLOOR, 60_000, 0.1), line(BUILD, 60_000, 0.99)) == [True]
    assert reached(line(FLOOR, 60_000, 0.1), line(BUILD, 60_000, 1.0)) == [False]


def test_half_a_million_rows_a_second_are_to_be_validated() -> None:
    assert validation_target(500_000.0).reached
    assert not validation_target(499_999.0).reached


def test_a_missed_target_stands_out() -> None:
    assert verdicts([validation_target(1.0)]).startswith("- MISS: validate")


def test_the_table_is_markdown_or_aligned_text() -> None:
    lines = [line(FLOOR, 60_000, 0.1, same=True), line(BUILD, 60_000, 0.5, 99.6), line(POSTGRES, 60_000, 2.0)]
    markdown = as_markdown(lines).splitlines()
    assert len({row.count("|") for row in markdown}) == 1
    assert "| 60,000 | cersgroups build | 1,234,567 | 0.50 | 5.0 | 100 |  |  |" in markdown
    assert "|  | NO |" in as_markdown([lines[0], line(POSTGRES, 60_000, 2.0, same=False)])
    text = as_text(lines).splitlines()
    assert [row[:8] for row in text] == ["students", "  60,000", "  60,000", "  60,000"]


def test_the_median_run_keeps_the_highest_peak() -> None:
    runs = iter([Measurement(3.0, 10.0, {}), Measurement(1.0, 30.0, {}), Measurement(2.0, 20.0, {})])
    assert median_of(3, lambda: next(runs)) == Measurement(2.0, 30.0, {})


def test_a_process_is_measured_with_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "clean.csv"
    write_clean_file(path, 1_000)
    measured = measure("tests.bench.validation", path)
    assert measured.seconds > 0
    assert measured.peak_mb > 1
    assert measured.said["clean"] is True
    assert measured.timed_inside().seconds == measured.said["seconds"] < measured.seconds


def test_a_process_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"nothing\.csv: there is no such file"):
        measure("tests.bench.validation", tmp_path / "nothing.csv")


def test_the_file_to_validate_is_clean(tmp_path: Path) -> None:
    write_clean_file(tmp_path / "clean.csv", 10_000)
    verdict = validate_file(tmp_path / "clean.csv", Known(schools=None, years=frozenset({2027})))
    assert verdict.safe
    assert sum(1 for _ in (tmp_path / "clean.csv").open()) == 10_001


def test_the_files_of_an_extract_are_taken_in_their_order(tmp_path: Path) -> None:
    for name in ("classes-10.csv", "classes-2.csv", "classes-1.csv", "findings.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in files_of(tmp_path)] == ["classes-1.csv", "classes-2.csv", "classes-10.csv"]


def test_of_the_keys_in_a_filter_list_nineteen_of_twenty_are_to_be_quick() -> None:
    quick, slow = Typed("first letter", [10.0] * 99 + [500.0]), Typed("Backspace", [10.0] * 90 + [101.0] * 10)
    assert [target.reached for target in filter_list_targets([quick, slow])] == [True, False]
    assert quick.line == "| first letter | 100 | 10 | 10 | 500 |"
