"""How servers page: by links, by offset, otherwise than they say; and rows that move while they are read."""

import io
from pathlib import Path

import httpx
import pytest

from cersgroups.core.error import DataStop
from cersgroups.sources.exchange import Answer, Server
from cersgroups.sources.oneroster_rest_page import Reading, total_of
from tests.sources.oneroster_files import Files
from tests.sources.oneroster_rest_reading import fetched, server

STUDENTS = [f"ST{number:03}" for number in range(1, 251)]


def many(files: Files) -> None:
    """250 students in one class; with staff 252 users and 252 enrollments in the high school."""
    pattern = next(row for row in files["users"] if row["sourcedId"] == "ST1")
    others = [row for row in files["users"] if row["role"] == "teacher"]
    files["users"] = others + [
        pattern | {"sourcedId": student, "userIds": f"{{SSID:{2_000_000_000 + number}}}"}
        for number, student in enumerate(STUDENTS)
    ]
    enrollment = next(row for row in files["enrollments"] if row["sourcedId"] == "E2")
    teachers = [row for row in files["enrollments"] if row["role"] == "teacher"]
    files["enrollments"] = teachers + [
        enrollment | {"sourcedId": f"E-{student}", "userSourcedId": student} for student in STUDENTS
    ]


@pytest.mark.parametrize("foreign", [False, True])
@pytest.mark.parametrize("totals", [True, False])
def test_links_are_followed_to_the_server_that_we_ask(tmp_path: Path, totals: bool, foreign: bool) -> None:
    with server(tmp_path, many, totals=totals, foreign_links=foreign) as served:
        roster = fetched(tmp_path, served, limit="100")
        assert [path for path in served.asked if "/users?" in path] == [
            f"/ims/oneroster/v1p1/users?limit=100&offset={offset}" for offset in (0, 100, 200)
        ]
    assert roster.ids("students", "student_id") == STUDENTS
    assert roster.ids("rosters", "student_id") == STUDENTS


@pytest.mark.parametrize("beyond", [200, 400, 404])
@pytest.mark.parametrize("totals", [True, False])
def test_without_links_we_ask_on_by_offset_until_nothing_comes(tmp_path: Path, totals: bool, beyond: int) -> None:
    with server(tmp_path, many, links=False, totals=totals, beyond=beyond) as served:
        assert fetched(tmp_path, served, limit="126").ids("students", "student_id") == STUDENTS
        assert [path.rpartition("=")[2] for path in served.asked if "/users?" in path] == ["0", "126", "252"]


@pytest.mark.parametrize("links", [True, False])
def test_a_server_that_gives_fewer_rows_than_asked_for_is_asked_on(tmp_path: Path, links: bool) -> None:
    with server(tmp_path, many, links=links, totals=False, most=100) as served:
        assert fetched(tmp_path, served, limit="5000").ids("rosters", "student_id") == STUDENTS


def test_a_total_that_only_counts_the_page_ends_nothing_early(tmp_path: Path) -> None:
    with server(tmp_path, many, links=False, total_is_of_page=True, most=100) as served:
        assert fetched(tmp_path, served).ids("students", "student_id") == STUDENTS


def test_a_server_that_gives_everything_whatever_the_limit_is_asked_once(tmp_path: Path) -> None:
    with server(tmp_path, many, links=False, totals=False, ignores_limit=True) as served:
        assert fetched(tmp_path, served, limit="100").ids("students", "student_id") == STUDENTS
        assert len([path for path in served.asked if "/users?" in path]) == 1


@pytest.mark.parametrize("totals", [True, False])
def test_a_server_that_knows_no_offset_is_believed_when_its_one_page_was_not_full(tmp_path: Path, totals: bool) -> None:
    with server(tmp_path, many, links=False, totals=totals, ignores_offset=True) as served:
        roster = fetched(tmp_path, served)
    assert roster.ids("students", "student_id") == STUDENTS
    assert "oneroster_row_repeated" not in roster.findings


@pytest.mark.parametrize("links", [True, False])
def test_a_server_that_gives_the_same_full_page_again_stops_instead_of_turning_for_ever(
    tmp_path: Path, links: bool
) -> None:
    with (
        server(tmp_path, many, links=links, totals=False, ignores_offset=True) as served,
        pytest.raises(
            DataStop, match=r"OneRoster: GET \S*/users\?limit=100&offset=100: the server gives the same rows"
        ),
    ):
        fetched(tmp_path, served, limit="100")


def test_a_full_page_that_the_total_says_is_all_is_believed(tmp_path: Path) -> None:
    with server(tmp_path, many, links=False, ignores_offset=True) as served:
        assert fetched(tmp_path, served, limit="252").ids("students", "student_id") == STUDENTS


def test_a_row_that_moves_to_a_later_page_counts_once(tmp_path: Path) -> None:
    with server(tmp_path, many, totals=False) as served:
        served.before = lambda _: (
            served.rows["users"].move(251, 0) if served.asked[-1].endswith("users?limit=100&offset=100") else None
        )
        roster = fetched(tmp_path, served, limit="100")
    assert roster.values("oneroster_row_moved") == [("users", "", "")]
    assert roster.findings["oneroster_row_moved"].count == 1
    assert len(roster.rows("students")) == 249


@pytest.mark.parametrize("totals", [True, False])
def test_a_collection_that_changes_while_it_is_read_is_read_again(tmp_path: Path, totals: bool) -> None:
    moves = iter([True])
    with server(tmp_path, many, totals=totals) as served:
        served.before = lambda _: (
            served.rows["users"].move(251, 0)
            if served.asked[-1].endswith("users?limit=100&offset=100") and next(moves, False)
            else None
        )
        roster = fetched(tmp_path, served, limit="100")
        assert len([path for path in served.asked if "/users?" in path]) == 6
    assert roster.ids("students", "student_id") == STUDENTS
    assert not {"oneroster_row_repeated", "oneroster_row_moved"} & roster.findings.keys()


def test_a_server_that_gives_fewer_rows_than_it_says_stops(tmp_path: Path) -> None:
    with server(tmp_path, many) as served:
        served.before = lambda _: (
            served.rows["users"].move(251, 0) if served.asked[-1].endswith("users?limit=100&offset=100") else None
        )
        with pytest.raises(DataStop, match="the server says that there are 252 users, but gives 251 different ones"):
            fetched(tmp_path, served, limit="100")


def test_rows_that_stand_twice_in_one_answer_count_once(tmp_path: Path) -> None:
    def twice(files: Files) -> None:
        files["users"].append(dict(files["users"][0]))

    with server(tmp_path, twice) as served:
        roster = fetched(tmp_path, served)
    assert roster.ids("staff", "staff_id") == ["T1", "T2"]
    assert roster.findings["oneroster_row_repeated"].count == 1


def test_an_empty_collection_is_told(tmp_path: Path) -> None:
    with server(tmp_path, lambda files: files["enrollments"].clear()) as served:
        assert fetched(tmp_path, served).values("oneroster_no_rows") == [("enrollments", "", "")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Link": '<http://[>; rel="next"'},
        {"Link": '<https://sis.example//[/all>; rel="next"'},
        {"Link": '<x:http://[>; rel="next"'},
        {"X-Total-Count": "9" * 5000},
    ],
    ids=["link", "path", "scheme", "total"],
)
def test_headers_that_no_server_should_send_are_told_or_passed_over(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    def get(_server: Server, path: str, _params: object = None) -> Answer:
        return Answer(f"GET /{path}", httpx.Headers(headers), io.BytesIO(b'{"users": []}'), 13)

    monkeypatch.setattr(Server, "get", get)
    with Server("OneRoster", "http://127.0.0.1:9") as sis:
        reading = Reading(sis, "users", 100, lambda _count, _total: None)
        if "Link" in headers:
            with pytest.raises(DataStop, match="GET /users: the server's Link to the next page is no address"):
                list(reading.rows())
        else:
            assert list(reading.rows()) == []
            assert reading.total is None


@pytest.mark.parametrize(("said", "meant"), [("250", 250), (" 7 ", 7), ("9" * 5_000, None), ("²", None), ("-1", None)])
def test_a_total_that_cannot_be_meant_is_none(said: str, meant: int | None) -> None:
    """The test of a connection made a number of whatever had digits."""
    headers = httpx.Headers([(b"X-Total-Count", said.encode())])
    assert total_of(Answer("GET /users", headers, io.BytesIO(), 0)) == meant
