"""A sync with Aeries goes well whole, or stops with a sentence that names the request, and what to do."""

import logging
from datetime import date
from pathlib import Path

import pytest

from cersgroups.core.error import DataStop, RequestStop, Stop
from cersgroups.core.roster import TABLES
from cersgroups.sources.aeries_api import AERIES_API
from cersgroups.sources.live import Check, Target
from cersgroups.sources.tally import Tally
from tests.bench.measurement import measure
from tests.bench.source import settings_file
from tests.engine.roster_files import DISTRICT
from tests.sources.aeries_api_sync import fetched, impatient, small_aeries  # noqa: F401 - one is a fixture
from tests.sources.aeries_server import CERTIFICATE, Behaviour
from tests.sources.same_extract import AS_OF

PERMISSIONS = {
    "Terms": "schools/10/terms",
    "Course Data": "courses",
    "Staff Data": "staff",
    "Teacher Data": "schools/10/teachers",
    "Student Data": "schools/10/students",
    "Master Schedule": "schools/10/sections",
    "Class Schedules/History": "schools/10/classes",
    "Student Groups": "schools/all/StudentGroups",
}
REQUESTS = 21
"""That the small district takes."""


def stop_of(folder: Path, behaviour: Behaviour, **settings: str) -> str:
    with small_aeries(folder, behaviour) as aeries, pytest.raises(DataStop) as stop:
        fetched(aeries, folder / "fetched", **settings)
    assert CERTIFICATE not in str(stop.value)
    return str(stop.value)


def checks_of(folder: Path, behaviour: Behaviour, **settings: str) -> list[Check]:
    with small_aeries(folder, behaviour) as aeries:
        return AERIES_API.check(aeries.settings(**settings), AS_OF)


@pytest.mark.parametrize("place", range(REQUESTS))
def test_a_sync_that_is_cut_at_any_request_names_it(tmp_path: Path, place: int) -> None:
    with small_aeries(tmp_path, Behaviour(cut_from=place)) as aeries, pytest.raises(DataStop) as stop:
        fetched(aeries, tmp_path / "fetched", concurrency="1")
    path = aeries.requests[place].partition("?")[0]
    assert str(stop.value).startswith(f"Aeries: GET /{path}?DatabaseYear=2026")
    assert "broke off in the middle" in str(stop.value)


def test_so_many_requests_are_all(tmp_path: Path) -> None:
    with small_aeries(tmp_path) as aeries:
        assert len(fetched(aeries, tmp_path / "fetched").requests) == REQUESTS


def test_a_sync_that_is_cut_stops_however_many_requests_run_at_a_time(tmp_path: Path) -> None:
    assert "Aeries: GET /" in stop_of(tmp_path, Behaviour(cut_from=9), concurrency="8")


def test_no_more_requests_run_at_a_time_than_were_allowed(tmp_path: Path) -> None:
    with small_aeries(tmp_path, Behaviour(slow=0.02)) as aeries:
        fetched(aeries, tmp_path / "fetched", concurrency="3")
    assert 1 < aeries.most_at_once <= 3


@pytest.mark.parametrize("address", PERMISSIONS.values())
def test_half_an_answer_is_asked_for_again_and_never_used(tmp_path: Path, address: str) -> None:
    message = stop_of(tmp_path / "always", Behaviour(half=address))
    assert message.startswith(f"Aeries: GET /{address}?DatabaseYear=2026")
    with small_aeries(tmp_path / "once", Behaviour(half=address, half_times=2)) as aeries:
        assert fetched(aeries, tmp_path / "fetched").rows("students")


@pytest.mark.parametrize("address", ["schools", *PERMISSIONS.values()])
def test_a_page_instead_of_an_answer_stops(tmp_path: Path, address: str) -> None:
    message = stop_of(tmp_path, Behaviour(broken=address))
    assert message.startswith(f"Aeries: GET /{address}?DatabaseYear=2026")
    assert "the answer is no JSON" in message


def test_a_busy_aeries_is_waited_for(tmp_path: Path) -> None:
    with small_aeries(tmp_path, Behaviour(busy=2)) as aeries:
        assert len(fetched(aeries, tmp_path / "fetched").requests) == REQUESTS + 2


def test_a_year_that_is_not_there_stops_and_the_others_are_told(tmp_path: Path) -> None:
    message = stop_of(tmp_path, Behaviour(years=("2025-2026", "2024-2025")))
    assert message == (
        "Aeries: GET /systeminfo?DatabaseYear=2026: Aeries answers for 2025-2026, not for 2026-27. "
        "Years available there: 2025-2026, 2024-2025. Choose one of them, or ask whoever runs Aeries to open the year "
        "to the API."
    )


@pytest.mark.parametrize(
    ("day", "entered", "asked"),
    [("2026-07-01", "", "2026"), ("2026-06-30", "", "2025"), ("2026-06-30", "2027", "2026")],
)
def test_the_year_is_that_of_the_day_unless_it_is_entered(tmp_path: Path, day: str, entered: str, asked: str) -> None:
    with small_aeries(tmp_path) as aeries:
        AERIES_API.check(aeries.settings(school_year=entered), date.fromisoformat(day))
        assert aeries.requests[0] == f"systeminfo?DatabaseYear={asked}"


@pytest.mark.parametrize(("permission", "address"), PERMISSIONS.items())
@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_permission_is_named(tmp_path: Path, permission: str, address: str, status: int) -> None:
    behaviour = Behaviour(refused={permission}, refused_with=status)
    message = stop_of(tmp_path / "sync", behaviour)
    assert message.startswith(f"Aeries: GET /{address}?DatabaseYear=2026")
    assert f"answers {status}" in message
    assert f"Grant the certificate the permission “{permission}” (read)" in message
    failed = [check for check in checks_of(tmp_path / "check", behaviour) if not check.ok]
    assert [check.what for check in failed] == [f"Permission “{permission}”"]
    assert "Grant the certificate" in failed[0].sentence


def test_a_test_tries_every_permission(tmp_path: Path) -> None:
    checks = checks_of(tmp_path, Behaviour())
    assert [check.what for check in checks] == [
        "Address and school year",
        "Certificate",
        *(f"Permission “{permission}”" for permission in PERMISSIONS),
    ]
    assert all(check.ok for check in checks)
    assert checks[1].sentence == "3 schools of Fig Unified."


def test_a_wrong_certificate_is_told_and_not_shown_though_aeries_shows_it(tmp_path: Path) -> None:
    wrong = "Wr0ngCertificate"
    message = stop_of(tmp_path, Behaviour(), certificate=wrong)
    assert "The certificate *** is not valid" in message
    assert "Check the certificate" in message
    checks = checks_of(tmp_path, Behaviour(), certificate=wrong)
    assert [(check.what, check.ok) for check in checks] == [("Address and school year", True), ("Certificate", False)]
    assert not any(wrong in check.sentence for check in checks)


@pytest.mark.parametrize("ending", ["", "/", "/api", "/api/v3/", "/api/v5", "/api/v5/"])
def test_the_address_may_be_entered_with_or_without_its_end(tmp_path: Path, ending: str) -> None:
    with small_aeries(tmp_path) as aeries:
        checks = AERIES_API.check(aeries.settings(address=f"{aeries.url}{ending}"), AS_OF)
    assert all(check.ok for check in checks)


def test_another_address_of_the_same_server_is_told(tmp_path: Path) -> None:
    with small_aeries(tmp_path) as aeries:
        [check] = AERIES_API.check(aeries.settings(address=f"{aeries.url}/elsewhere"), AS_OF)
    assert not check.ok
    assert "GET /systeminfo?DatabaseYear=2026: the server answers" in check.sentence
    assert "Check the address" in check.sentence


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"address": "http://aeries.example"}, "Base address: The address of aeries.example is not encrypted"),
        ({"address": ""}, "Base address is missing"),
        ({"certificate": ""}, "Certificate is missing"),
        ({"school_year": "2026-27"}, "School year: enter a whole number from 2000 to 2100"),
        ({"concurrency": "0"}, "Requests at a time: enter a whole number from 1 to 16"),
        ({"page_size": "1"}, "Students in one request: enter a whole number"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, str], sentence: str) -> None:
    with pytest.raises(RequestStop) as stop:
        AERIES_API.complete({"address": "https://aeries.example", "certificate": "x", **settings})
    assert str(stop.value).startswith(sentence)


def test_progress_tells_table_and_school_and_never_goes_back(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    (tmp_path / "fetched").mkdir()
    with small_aeries(tmp_path) as aeries:
        target = Target(AS_OF, tmp_path / "fetched", Tally(), lambda what, share: told.append((what, share)))
        AERIES_API.fetch(aeries.settings(), target)
    assert {"courses", "terms of 10 Fig High", "sections of 20 Plum Middle", "student groups"} <= {
        what for what, _ in told
    }
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1


def test_neither_certificate_nor_student_is_in_any_log_or_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    behaviours = [Behaviour(), Behaviour(cut_from=12), Behaviour(half="schools/10/students"), Behaviour(broken="staff")]
    for place, behaviour in enumerate(behaviours):
        with small_aeries(tmp_path / str(place), behaviour) as aeries:
            try:
                fetched(aeries, tmp_path / str(place) / "fetched")
            except Stop as stop:
                told.append(str(stop))
    assert len(told) == 3
    names = [row.split("|")[2].strip() for row in DISTRICT["students"].strip().splitlines()[1:]]
    for secret in (CERTIFICATE, *names):
        assert secret not in caplog.text
        assert not any(secret in sentence for sentence in told)


def test_every_table_has_a_name_for_people() -> None:
    assert AERIES_API.labels.keys() == TABLES.keys()
    assert AERIES_API.labels["sections"] == "Aeries sections"


@pytest.mark.thorough
def test_an_answer_of_a_million_rows_takes_little_memory(tmp_path: Path) -> None:
    with small_aeries(tmp_path, Behaviour(repeat=250_000)) as aeries:
        measured = measure("tests.bench.source", "aeries_api", settings_file(tmp_path, aeries.settings()), tmp_path)
    assert measured.said["rows"] > 1_000_000
    assert measured.said["own_peak_mb"] < 500
