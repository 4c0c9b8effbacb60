"""Schools and terms of Aeries: which are fetched, how they are scheduled, when they are in session."""

from pathlib import Path

import pytest

from cersgroups.core.error import DataStop
from tests.sources.aeries_api_sync import added, changed, fetched, impatient, small_aeries, small_sync  # noqa: F401
from tests.sources.aeries_district import Row


def test_the_district_is_school_0_and_no_school(tmp_path: Path) -> None:
    got = small_sync(tmp_path)
    assert got.rows("lea") == [
        {"lea_code": "9910000", "name": "Fig Unified", "time_zone": "America/Los_Angeles", "school_year": "2027"}
    ]
    assert got.cells("schools", "school_id", "school_number", "name") == [
        ("10", "10", "Fig High"),
        ("20", "20", "Plum Middle"),
        ("30", "30", "Kiwi Elem"),
    ]


def test_without_school_0_the_district_is_that_of_most_schools_with_a_finding(tmp_path: Path) -> None:
    def without_district(address: str, rows: list[Row]) -> None:
        if address == "schools":
            del rows[0]

    got = small_sync(tmp_path, without_district)
    assert got.cells("lea", "lea_code", "name") == [("9910000", "LEA 9910000")]
    assert "aeries_district_missing" in got.findings


def test_a_school_that_is_not_reported_is_left_out_with_a_finding_and_not_fetched(
    tmp_path: Path,
) -> None:
    got = small_sync(tmp_path, changed("schools", {"SchoolCode": 20}, DoNotReport=True))
    assert got.cells("schools", "school_id") == [("10",), ("30",)]
    assert got.keys("aeries_school_left_out") == ["99", "20"]
    assert not [request for request in got.requests if "schools/20/" in request]


def test_schools_can_be_chosen_to_be_left_out_and_unknown_ones_are_told(tmp_path: Path) -> None:
    with small_aeries(tmp_path) as aeries:
        got = fetched(aeries, tmp_path / "fetched", left_out_schools="20, 77")
    assert got.cells("schools", "school_id") == [("10",), ("30",)]
    assert got.keys("aeries_school_to_leave_out_unknown") == ["77"]


def test_an_inactive_school_is_listed_and_not_fetched(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed("schools", {"SchoolCode": 20}, InactiveStatusCode="I"))
    assert got.cells("schools", "active", school_id="20") == [("false",)]
    assert got.keys("aeries_school_inactive") == ["20"]
    assert got.rows("terms", school_id="20") == []


def test_padded_blanks_are_blanks(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed("schools", {"SchoolCode": 20}, InactiveStatusCode=" ", Name=" Plum "))
    assert got.cells("schools", "active", "name", school_id="20") == [("true", "Plum")]


def test_a_cds_code_is_made_of_three_parts_and_a_school_without_one_is_told(tmp_path: Path) -> None:
    parts = {"StateCountyID": "1", "StateDistrictID": 10017, "StateSchoolID": "112607"}
    got = small_sync(
        tmp_path,
        changed("schools", {"SchoolCode": 20}, **parts),
        changed("schools", {"SchoolCode": 30}, StateSchoolID="0000000"),
    )
    assert got.cells("schools", "cds_code") == [("99100000000010",), ("01100170112607",), ("",)]
    assert got.keys("aeries_school_without_cds") == ["30"]


@pytest.mark.parametrize(
    ("said", "schedule"),
    [
        ("Elementary", "elementary"),
        ("ElementaryAndMasterSchedule", "elementary_master"),
        ("MasterSchedule", "master"),
        ("Flex", "flex"),
        ("Flexible", "flex"),
    ],
)
def test_the_schedule_is_that_of_the_school(tmp_path: Path, said: str, schedule: str) -> None:
    got = small_sync(tmp_path, changed("schools", {"SchoolCode": 20}, ScheduleType=said))
    assert got.cells("schools", "schedule", school_id="20") == [(schedule,)]
    assert "aeries_schedule_unknown" not in got.findings


def test_an_unknown_schedule_is_blank_and_told_and_all_of_the_school_is_fetched(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed("schools", {"SchoolCode": 20}, ScheduleType="Hybrid"))
    assert got.cells("schools", "schedule", school_id="20") == [("",)]
    assert got.keys("aeries_schedule_unknown") == ["20"]
    assert got.rows("rosters", school_id="20")


def test_an_elementary_school_without_a_master_schedule_is_not_asked_for_sections(tmp_path: Path) -> None:
    asked = {request.split("?")[0] for request in small_sync(tmp_path).requests}
    assert "schools/30/teachers" in asked
    assert not asked & {"schools/30/sections", "schools/30/classes"}


def test_a_flex_school_with_a_primary_class_tracks_them_and_no_other_does(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed("schools/20/sections", {}, PrimaryClass=True))
    assert got.cells("schools", "tracks_primary_classes") == [("true",), ("false",), ("false",)]
    none = small_sync(tmp_path / "none", changed("schools/10/sections", {}, PrimaryClass=False))
    assert none.cells("schools", "tracks_primary_classes") == [("false",)] * 3


def test_no_school_to_fetch_stops(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"GET /schools\?DatabaseYear=2026: there is no active school"):
        small_sync(tmp_path, changed("schools", {}, DoNotReport=True))


def test_terms_have_inclusive_dates(tmp_path: Path) -> None:
    got = small_sync(tmp_path)
    assert ("10", "F", "2026-08-15", "2026-12-20") in got.cells(
        "terms", "school_id", "term_code", "start_date", "end_date"
    )


def test_a_term_without_dates_is_left_out_with_a_finding(tmp_path: Path) -> None:
    got = small_sync(tmp_path, changed("schools/10/terms", {"TermCode": "S"}, EndDate=None))
    assert got.cells("terms", "term_code", school_id="10") == [("Y",), ("F",)]
    assert got.keys("aeries_term_without_dates") == ["10/S"]


@pytest.mark.parametrize(
    "dates",
    [
        {"StartDate": None, "EndDate": None},
        {"StartDate": "2025-08-12T00:00:00", "EndDate": "2026-06-03T00:00:00"},
    ],
)
def test_if_no_term_has_dates_in_the_school_year_the_sync_stops(tmp_path: Path, dates: dict[str, str | None]) -> None:
    changes = [changed(f"schools/{school}/terms", {}, **dates) for school in (10, 20, 30)]
    with pytest.raises(DataStop, match=r"schools/10/terms, and .*: no term has a start and an end date in 2026-27"):
        small_sync(tmp_path, *changes)


def test_a_year_round_track_has_terms_of_its_own(tmp_path: Path) -> None:
    track = {"TrackCode": "A", "StartDate": "2026-07-10T00:00:00", "EndDate": "2026-11-01T00:00:00"}
    got = small_sync(
        tmp_path,
        changed("schools/20/terms", {"TermCode": "Y"}, StartDate=None, TrackTerms=[track]),
        changed("schools/20/sections", {"SectionNumber": 2001}, Track="A"),
        added("schools/20/sections", {"SectionNumber": 2002, "Track": "B"}),
    )
    assert got.cells("terms", "term_code", "start_date", school_id="20") == [("Y/A", "2026-07-10")]
    assert got.cells("sections", "term_code", school_id="20") == [("Y/A",), ("Y",)]
    assert got.keys("aeries_term_without_dates") == []


def test_a_date_that_is_none_stops_and_names_the_request(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match=r"GET /schools/20/terms\?DatabaseYear=2026: '08/12/2026' is no date such as"):
        small_sync(tmp_path, changed("schools/20/terms", {}, StartDate="08/12/2026"))
