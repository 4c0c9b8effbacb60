"""Other bytes with the same content."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cersgroups.cers.clean_file import verdict_if_clean
from cersgroups.cers.client import md5
from cersgroups.cers.validation import Known, validate, validate_exactly
from cersgroups.cers.variation import VARIANTS, header_of, unprocessed_variant, write_variant
from cersgroups.cers.warehouse import Warehouse
from cersgroups.core.error import DataStop
from tests.cers.csv_file import KNOWN, OTHER_SCHOOL, SCHOOL, file, row, ssid
from tests.cers.vector import Vector, vectors

numbers = st.integers(min_value=1, max_value=VARIANTS - 1)
group_rows = st.lists(
    st.builds(
        row,
        st.sampled_from(["a", "A", "b", "ß", "ss"]),
        st.sampled_from(["", ssid(1), ssid(2), ssid(3)]),
        st.sampled_from(["", "x@y.z", "X@y.z", "v@w.z"]),
        school=st.sampled_from([SCHOOL, OTHER_SCHOOL]),
        subject=st.sampled_from(["Math", "", "ELA", "All"]),
    ),
    min_size=1,
    max_size=8,
)


def variant(content: bytes, number: int, folder: Path) -> bytes:
    source, target = folder / "source.csv", folder / "target.csv"
    source.write_bytes(content)
    write_variant(source, target, number)
    return target.read_bytes()


def test_there_are_thousands_of_variants_and_no_two_are_equal() -> None:
    assert VARIANTS > 1_000_000
    assert len({header_of(number) for number in range(5_000)}) == 5_000
    assert header_of(VARIANTS - 1) == header_of(0).upper()


def test_variant_0_is_the_file_as_it_is_built(tmp_path: Path) -> None:
    content = file(row(), row(ssid=ssid(2)))
    assert variant(variant(content, 12_345, tmp_path), 0, tmp_path) == content


@given(group_rows, group_rows, numbers)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_variant_stores_the_same_and_is_not_skipped(
    tmp_path: Path, first: list[str], second: list[str], number: int
) -> None:
    """Sent A, B, A: the second A as a variant leaves what A says; as the same bytes it would leave B."""
    one, two = (file(*sorted(rows, key=_by_school)) for rows in (first, second))
    other = variant(one, number, tmp_path)
    assert other != one
    assert validate(other, KNOWN) == validate_exactly(other, KNOWN) == validate(one, KNOWN)
    plain, varied = Warehouse(KNOWN), Warehouse(KNOWN)
    for warehouse in (plain, varied):
        warehouse.upload(one)
        warehouse.upload(two)
    plain.processed.clear()
    assert varied.upload(other) == plain.upload(one)
    assert varied.state() == plain.state()


@pytest.mark.parametrize("vector", vectors()[::3], ids=lambda vector: vector.folder.name)
def test_a_variant_of_a_vector_comes_out_as_the_vector(vector: Vector, tmp_path: Path) -> None:
    content = vector.content(vector.uploads[0])
    try:
        other = variant(content, 1_000_003, tmp_path)
    except DataStop:
        pytest.skip("has another header")
    plain, varied = Warehouse(vector.known), Warehouse(vector.known)
    assert plain.upload(content) == varied.upload(other)
    assert plain.state() == varied.state()


def test_a_clean_file_stays_clean_and_safe(tmp_path: Path) -> None:
    known = Known(None, frozenset({2025}))
    other = variant(file(row(login="a@b.c"), row(ssid=ssid(2))), VARIANTS - 1, tmp_path)
    verdict = verdict_if_clean(other, known)
    assert verdict is not None
    assert verdict.safe


def test_the_first_variant_that_was_not_processed_is_found(tmp_path: Path) -> None:
    source, target = tmp_path / "extract.csv", tmp_path / "sent.csv"
    source.write_bytes(file(row()))
    processed: set[str] = set()
    for expected in range(4):
        assert unprocessed_variant(source, processed) == expected
        write_variant(source, target, expected)
        processed.add(md5(target))


def test_a_file_with_another_header_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    source, target = tmp_path / "list.csv", tmp_path / "sent.csv"
    source.write_bytes(b"name,school\n")
    with pytest.raises(DataStop, match=r"list\.csv: does not begin with the header"):
        write_variant(source, target, 1)
    assert not target.exists()


def _by_school(line: str) -> tuple[str, str]:
    name, school = line.split(",")[:2]
    return school, name.lower()
