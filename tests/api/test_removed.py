"""After the clean-up at night the API says what is gone, and refuses what needs it with the sentence of the pages."""

from pathlib import Path

import pytest

from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload
from tests.api.program import Program, program_of
from tests.api.test_problem import told
from tests.cleaned import ROSTER_CODE, Cleaned, cleaned
from tests.jobs.delivery import Delivery

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gone(stage: Delivery, stored_snapshot: Path) -> Cleaned:
    return cleaned(stage, stored_snapshot)


@pytest.fixture
def program(gone: Cleaned) -> Program:
    return program_of(gone.stage.people.ada)


def test_the_records_stay_and_say_when_their_files_went(gone: Cleaned, program: Program) -> None:
    for path in (f"/snapshots/{gone.roster}", f"/extracts/{gone.extract}", f"/uploads/{gone.upload}"):
        assert program.get(path).json()["files_removed_at"] is not None
    assert program.get(f"/extracts/{gone.extract}").json()["files"] == []
    assert program.get(f"/snapshots/{gone.current}").json()["files_removed_at"] is None
    for path in (f"/snapshots/{gone.roster}/findings", f"/extracts/{gone.extract}/findings"):
        assert len(program.get(path).json()["items"]) == 1


@pytest.mark.parametrize(
    "path",
    [
        f"/snapshots/{{roster}}/findings/{ROSTER_CODE}",
        "/extracts/{extract}/findings/{code}",
        "/extracts/{extract}/findings.csv",
        "/extracts/{extract}/files/extract-1.csv",
        "/uploads/{upload}/changes",
    ],
)
def test_what_was_in_the_files_is_not_there_and_the_problem_says_why(
    gone: Cleaned, program: Program, path: str
) -> None:
    assert told(program.get(path.format(**vars(gone)))) == (404, f"Its {gone.sentence}")


def test_such_a_roster_cannot_be_made_current(gone: Cleaned, program: Program) -> None:
    status, sentence = told(program.post(f"/snapshots/{gone.roster}/make-current"))
    assert (status, f"Its {gone.sentence}" in sentence) == (409, True)


def test_such_an_extract_cannot_be_uploaded(gone: Cleaned, program: Program) -> None:
    status, sentence = told(program.post("/uploads", {"extract": gone.extract}))
    assert (status, f"Its {gone.sentence}" in sentence) == (409, True)
    with lea_scope(gone.stage.lea_id):
        assert Upload.objects.count() == 1


@pytest.mark.parametrize("deed", ["agree", "cancel"])
def test_such_an_upload_is_over(gone: Cleaned, program: Program, deed: str) -> None:
    assert told(program.post(f"/uploads/{gone.upload}/{deed}"))[0] == 409
