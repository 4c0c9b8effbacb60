"""Extracted Files: who sees what, the findings and their rows, and downloads that lead nowhere else."""

import csv
import io
import re
from pathlib import Path

import pytest

from cersgroups.records.audit import AuditEntry
from cersgroups.records.extract import Extract
from cersgroups.records.scope import lea_scope
from tests.web.extract_district import DAY, Folk, make_folk, shown

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folk(stored_snapshot: Path) -> Folk:
    return make_folk(stored_snapshot)


def status(folk: Folk, who: str, url: str) -> int:
    return folk.client(who).get(url).status_code


def record(folk: Folk, extract_id: int) -> Extract:
    with lea_scope(folk.lea_id):
        return Extract.objects.get(pk=extract_id)


PAGES = ("", "row/", "findings/unlisted_code/")


@pytest.mark.parametrize(
    ("who", "page", "expected"),
    [
        *((who, page, 404) for who in ("olga",) for page in PAGES),
        *(("nobody", page, 302) for page in PAGES),
        *((who, page, 403) for who in ("alma", "sam") for page in PAGES),
        *((who, page, 200) for who in ("ada", "vera") for page in PAGES[:2]),
        *((who, PAGES[2], 404) for who in ("ada", "vera")),
    ],
)
def test_an_extract_of_adas_is_shown_to_admins_and_viewers_of_her_lea_only(
    folk: Folk, who: str, page: str, expected: int
) -> None:
    [extract] = folk.extracts("ada", [folk.profile("ada")], work=False)
    assert status(folk, who, f"/extracted-files/{extract}/{page}") == expected


@pytest.mark.parametrize(
    ("who", "expected"), [("nobody", 302), ("olga", 404), ("vera", 403), ("alma", 403), ("sam", 403), ("ada", 200)]
)
def test_a_file_is_downloaded_by_who_may_and_by_nobody_else(folk: Folk, who: str, expected: int) -> None:
    extract = folk.extract("ada")
    for file in ("extract-1.csv", "findings.csv"):
        assert status(folk, who, f"/extracted-files/{extract}/files/{file}") == expected


def test_who_has_administer_downloads_what_is_their_own(folk: Folk) -> None:
    extract = folk.extract("alma")
    answer = folk.client("alma").get(f"/extracted-files/{extract}/files/extract-1.csv")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert content == (record(folk, extract).folder / "extract-1.csv").read_bytes()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == 'attachment; filename="Classes_2026-11-23.csv"'


@pytest.mark.parametrize("who", ["nobody", "olga", "vera", "alma", "sam", "ada"])
def test_the_list_shows_each_person_their_own_and_to_admins_and_viewers_everybodys(folk: Folk, who: str) -> None:
    folk.extracts("ada", [folk.profile("ada", name="Of Ada")], work=False)
    folk.extracts("alma", [folk.profile("alma", name="Of Alma")], work=False)
    answer = folk.client(who).get("/extracted-files/")
    seen = {name for name in ("Of Ada", "Of Alma") if name in answer.content.decode()}
    assert seen == {"alma": {"Of Alma"}, "ada": {"Of Ada", "Of Alma"}, "vera": {"Of Ada", "Of Alma"}}.get(who, set())
    assert answer.status_code == (302 if who == "nobody" else 200)


def test_a_viewer_is_offered_no_download(folk: Folk) -> None:
    extract = folk.extract("ada", schools=["10", "20", "30"])
    for url in ("/extracted-files/", f"/extracted-files/{extract}/"):
        assert "/files/" not in folk.client("vera").get(url).content.decode()
        assert "/files/" in folk.client("ada").get(url).content.decode()


def test_the_list_says_when_by_whom_of_what_and_how_much(folk: Folk) -> None:
    folk.extract("ada")
    text = shown(folk.client("ada"), "/extracted-files/")
    assert re.search(r"\d{4}, \d+:\d\d [AP]M P[SD]T\s*Ada Admin", text)
    assert "Nov 23, 2026" in text
    assert re.search(r"Classes .* 4 3 3 3 Done", text)


def test_without_extracts_the_list_says_what_to_do(folk: Folk) -> None:
    assert "No file has been created yet" in shown(folk.client("ada"), "/extracted-files/")
    assert "Files that others in your LEA create" in shown(folk.client("vera"), "/extracted-files/")


def test_a_long_list_has_pages_and_needs_no_query_for_each_row(
    folk: Folk, django_assert_max_num_queries: "pytest.FixtureRequest"
) -> None:
    profile = folk.profile("ada")
    for _ in range(27):
        folk.extracts("ada", [profile], work=False)
    client = folk.client("ada")
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        assert "Page 1 of 2" in shown(client, "/extracted-files/")
    assert len(re.findall("In progress|Waiting to start", shown(client, "/extracted-files/?page=2"))) == 2


def test_an_extract_shows_its_figures_and_that_it_was_checked(folk: Folk) -> None:
    text = shown(folk.client("ada"), f"/extracted-files/{folk.extract('ada')}/")
    assert "Records 4 Student groups 3 Students 3 Users 3" in text
    assert "Every record was checked against the rules of CERS" in text


def test_an_extract_shows_who_is_in_no_group_by_school_and_grade(folk: Folk) -> None:
    extract = folk.extract("ada", schools=["10", "20", "30"])
    text = shown(folk.client("ada"), f"/extracted-files/{extract}/")
    assert "60% of the students" in text
    assert "30 Kiwi Elem 0% 0 of 2" in text
    assert text.index("30 Kiwi Elem") < text.index("10 Fig High")
    assert "Of 3 groups, most (3) have 1 to 10 students" in text


def test_a_failed_extract_says_why_and_offers_no_file(folk: Folk) -> None:
    [extract] = folk.extracts("ada", [folk.profile("ada")], as_of=DAY.replace(month=7))
    for url in ("/extracted-files/", f"/extracted-files/{extract}/"):
        text = shown(folk.client("ada"), url)
        assert "no group on 2026-07-23" in text
        assert "was checked against" not in text
    assert status(folk, "ada", f"/extracted-files/{extract}/files/extract-1.csv") == 404


def test_findings_lead_to_their_rows_which_the_audit_log_knows(folk: Folk) -> None:
    extract = folk.extract("ada", filters={"departments": ["ENG", "GONE"]})
    client = folk.client("vera")
    page = client.get(f"/extracted-files/{extract}/").content.decode()
    [code] = re.findall(rf"/extracted-files/{extract}/findings/(\w+)/", page)
    rows = shown(client, f"/extracted-files/{extract}/findings/{code}/")
    assert "GONE" in rows
    assert "Rows 1 to 1 of 1" in rows
    with lea_scope(folk.lea_id):
        entry = AuditEntry.objects.filter(action="read finding").latest("id")
    assert (entry.actor_id, entry.detail) == (folk.people.vera.person_id, {"code": code})


def test_while_it_is_made_the_pages_ask_again_and_stop_when_it_is_done(folk: Folk) -> None:
    [extract] = folk.extracts("ada", [folk.profile("ada")], work=False)
    client = folk.client("ada")
    for url in ("/extracted-files/", f"/extracted-files/{extract}/row/", f"/extracted-files/{extract}/"):
        assert 'hx-trigger="every 2s"' in client.get(url).content.decode()
    with lea_scope(folk.lea_id):
        Extract.objects.filter(pk=extract).update(state="failed", why="It went wrong.")
    for url in ("/extracted-files/", f"/extracted-files/{extract}/row/", f"/extracted-files/{extract}/"):
        assert "every 2s" not in client.get(url).content.decode()
    again = client.get(f"/extracted-files/{extract}/", headers={"HX-Request": "true"})
    assert again["HX-Refresh"] == "true"


TRAVERSALS = [
    "../findings.csv",
    "..%2F..%2F..%2Fsecret_key",
    "%2e%2e%2fsecret_key",
    "..\\..\\secret_key",
    "/etc/passwd",
    "%2Fetc%2Fpasswd",
    "figures.json",
    "groups.csv",
    ".",
    "..",
    "extract-1.csv%00",
    "extract-1.csv/",
    "EXTRACT-1.CSV",
]


@pytest.mark.parametrize("name", TRAVERSALS)
def test_no_name_leads_to_another_file(folk: Folk, name: str) -> None:
    extract = folk.extract("ada")
    answer = folk.client("ada").get(f"/extracted-files/{extract}/files/{name}", follow=True)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        '=HYPERLINK("http://evil.example","x")',
        "../../etc/passwd",
        'a"; filename="b.exe',
        "line\r\nSet-Cookie: x=1",
        "名前",
        "...",
        "x" * 255,
    ],
)
def test_whatever_a_profile_is_called_its_file_has_a_plain_name(folk: Folk, name: str) -> None:
    extract = folk.extract("ada", name=name)
    answer = folk.client("ada").get(f"/extracted-files/{extract}/files/extract-1.csv")
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9-]{1,80}_2026-11-23\.csv"', answer["Content-Disposition"])


def test_names_with_markup_and_formulas_are_harmless_on_screen_and_in_the_csv(folk: Folk) -> None:
    evil = "=HYPERLINK(1)<script>alert(1)</script>"
    extract = folk.extract("ada", name=evil, filters={"departments": ["ENG", evil]})
    client = folk.client("ada")
    for url in ("/extracted-files/", f"/extracted-files/{extract}/"):
        assert "<script>alert" not in client.get(url).content.decode()
    content = (record(folk, extract).folder / "findings.csv").read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


def test_a_page_beyond_the_last_shows_the_last(folk: Folk) -> None:
    extract = folk.extract("ada", schools=["10", "20", "30"], filters={"departments": ["ENG", "GONE"]})
    client = folk.client("ada")
    [code, *_] = re.findall(r"/findings/(\w+)/", client.get(f"/extracted-files/{extract}/").content.decode())
    assert "Rows 1 to" in shown(client, f"/extracted-files/{extract}/findings/{code}/?page=99")
    assert "Rows 1 to" in shown(client, f"/extracted-files/{extract}/findings/{code}/?page=x")
