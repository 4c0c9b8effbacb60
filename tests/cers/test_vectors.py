"""Every vector, verbatim: the verdict, the outcome, the import record, the rows loaded and the state."""

from typing import Any

import pytest

from cersgroups.cers.validation import validate, validate_exactly
from cersgroups.cers.warehouse import Warehouse
from tests.cers.vector import HARMFUL, Vector, vectors

PLAIN = ("001", "002", "003", "004", "005", "006", "060", "260", "280")

every_vector = pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.folder.name)


def test_there_are_vectors() -> None:
    assert len(vectors()) > 170


@every_vector
def test_the_verdict_is_the_receivers(vector: Vector) -> None:
    for upload in vector.uploads:
        content, expected = vector.content(upload), upload["validator"]
        verdict = validate(content, vector.known)
        assert verdict.ok == expected["ok"]
        assert verdict.results_as_json() == expected["results"]
        assert verdict.newline == expected["newline"]
        assert verdict.crash == expected.get("exception")
        assert verdict == validate_exactly(content, vector.known)


@every_vector
def test_the_warehouse_holds_what_the_receiver_held(vector: Vector) -> None:
    warehouse = Warehouse(vector.known, vector.case["config"]["students"])
    for expected in vector.uploads:
        if "before" in expected:
            warehouse.delete_group(**expected["before"]["delete_group"])
        upload = warehouse.upload(vector.content(expected))
        assert upload.outcome == expected["outcome"]
        assert upload.status == expected["import"]["status"]
        assert upload.message == expected["import"]["message"]
        if "loaded_rows" in expected:
            assert upload.rows == expected["loaded_rows"]["count"]
            first = [row.as_list() for row in upload.first_rows]
            assert first == expected["loaded_rows"]["first"][: len(first)]
        if expected["state"] is not None:
            assert warehouse.state() == _modelled(expected["state"])


@every_vector
def test_a_harmful_file_is_never_called_safe(vector: Vector) -> None:
    verdict = validate(vector.content(vector.uploads[-1]), vector.known)
    number = vector.folder.name[:3]
    if number in PLAIN:
        assert verdict.safe, verdict.hazards
    elif vector.case["trap"] in HARMFUL and len(vector.uploads) == 1:
        assert not verdict.safe
    elif vector.case["trap"] in HARMFUL:
        verdicts = [validate(vector.content(upload), vector.known) for upload in vector.uploads]
        assert not all(each.safe for each in verdicts)


def _modelled(state: dict[str, Any]) -> dict[str, Any]:
    return {"groups": state["groups"], "students_created": state["students_created"]}
