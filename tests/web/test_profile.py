"""The tab Profiles: the list, and what can be done with one profile of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cersgroups.actions.draft import open_draft
from cersgroups.actions.lea import change_settings
from cersgroups.actions.profile import create_profile, save_profile
from cersgroups.core.profile import from_mapping
from cersgroups.core.profile_text import to_toml
from cersgroups.records.draft import Draft
from cersgroups.records.profile import Profile
from cersgroups.records.scope import lea_scope
from tests.people import People, person_named
from tests.profiles import CLASSES, GRADES
from tests.roster import give_roster
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db

Visit = Callable[[str], Visitor]


@pytest.fixture
def alma_s(people: People, stored_snapshot: Path) -> int:
    """Alma's profile of classes, in an LEA that has a roster."""
    give_roster(people.lea_id, stored_snapshot)
    return create_profile(people.alma, CLASSES).pk


def found(people: People, pk: int) -> Profile:
    with lea_scope(people.lea_id):
        return Profile.objects.select_related("owner").get(pk=pk)


def listed(visitor: Visitor, **query: str) -> str:
    return visitor.get("/profiles/", query).content.decode()


def test_an_admin_sees_everybodys_profiles_others_their_own(people: People, visit: Visit, alma_s: int) -> None:
    create_profile(people.sam, GRADES)
    assert found(people, alma_s).name in listed(visit("ada"))
    assert ">Grades<" in listed(visit("ada"))
    assert ">Classes<" in listed(visit("alma"))
    assert ">Grades<" not in listed(visit("alma"))
    assert ">Classes<" not in listed(visit("sam"))


def test_the_list_says_all_that_the_model_system_does_and_the_last_result(visit: Visit, alma_s: int) -> None:
    text = listed(visit("alma"))
    for word in ("Alma Administer", "2026-27", "Secondary Master Schedule Classes", "ELA", "No file yet", ">No<"):
        assert word in text


@pytest.mark.parametrize("typed", ["class", "CLASS alma", "ela", "secondary", "2026-27", "27"])
def test_the_filter_finds_a_profile_by_name_owner_subject_type_or_year(visit: Visit, alma_s: int, typed: str) -> None:
    assert ">Classes<" in listed(visit("ada"), filter=typed)


@pytest.mark.parametrize("typed", ["classes sam", "math", "2025-26", "\0nothing", "<b>"])
def test_what_does_not_fit_is_not_shown(visit: Visit, alma_s: int, typed: str) -> None:
    text = listed(visit("ada"), filter=typed)
    assert ">Classes<" not in text
    assert "No profile matches" in text
    assert "<b>" not in text


def test_typing_fetches_the_table_alone(visit: Visit, alma_s: int) -> None:
    answer = visit("ada").get(
        "/profiles/", {"filter": "class"}, headers={"HX-Request": "true", "HX-Target": "profile-table"}
    )
    assert "<html" not in answer.content.decode()
    assert ">Classes<" in answer.content.decode()


def test_the_list_takes_as_many_queries_for_thirty_profiles_as_for_one(
    people: People, visit: Visit, alma_s: int
) -> None:
    browser = visit("ada")
    browser.get("/profiles/")  # a session's first use is written down
    with CaptureQueriesContext(connection) as one:
        browser.get("/profiles/")
    for _ in range(30):
        create_profile(people.alma, CLASSES)
    with CaptureQueriesContext(connection) as many:
        browser.get("/profiles/")
    assert len(many) == len(one)


def test_without_a_profile_the_page_says_how_to_begin(people: People, visit: Visit, stored_snapshot: Path) -> None:
    assert "First, upload a roster" in listed(visit("ada"))
    assert "Ask an admin of your LEA to upload one" in listed(visit("alma"))
    give_roster(people.lea_id, stored_snapshot)
    assert "Make the first profile" in listed(visit("alma"))


def test_without_javascript_a_page_says_that_it_needs_it(visit: Visit) -> None:
    _before, _, rest = visit("alma").get("/profiles/").content.decode().partition("<noscript>")
    assert "These pages need JavaScript." in rest.partition("</noscript>")[0]


def test_a_viewer_is_not_told_to_upload(visit: Visit) -> None:
    page = visit("vera").get("/uploads/").content.decode()
    assert "Uploads that others in your LEA start will be listed here." in page
    assert "Upload by hand" not in page


def test_a_name_with_markup_is_text(people: People, visit: Visit) -> None:
    create_profile(people.alma, {**GRADES, "name": "<script>alert(1)</script>"})
    text = listed(visit("ada"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_copy_belongs_to_who_made_it(people: People, visit: Visit, alma_s: int) -> None:
    visit("ada").send(f"/profiles/{alma_s}/duplicate/")
    with lea_scope(people.lea_id):
        copy = Profile.objects.get(name="Copy of Classes")
        assert copy.owner_id == people.ada.person_id


def test_deleting_takes_the_profile_out_of_the_list(visit: Visit, alma_s: int) -> None:
    browser = visit("alma")
    assert '<input type="hidden" name="version" value="1">' in listed(browser)
    answer = browser.send(f"/profiles/{alma_s}/delete/", {"version": "1"}, follow=True)
    assert "The profile “Classes” was deleted" in answer.content.decode()
    assert ">Classes<" not in listed(browser)


@pytest.mark.parametrize("version", [{"version": "1"}, {"version": "x"}, {}])
def test_deleting_loses_no_change_that_somebody_made_meanwhile(
    people: People, visit: Visit, alma_s: int, version: dict[str, str]
) -> None:
    save_profile(people.ada, alma_s, 1, {**CLASSES, "subject": "Math"})
    answer: Any = visit("alma").send(f"/profiles/{alma_s}/delete/", version, follow=True)
    assert "Ada Admin has changed the profile “Classes” since you opened it, so it was not" in answer.content.decode()
    assert found(people, alma_s).subject == "Math"


def test_a_save_while_somebody_opens_the_profile_is_what_they_see(
    people: People, visit: Visit, alma_s: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would be overwritten without a word: the draft would have its version, and the content from before it."""

    def opened(*arguments: Any) -> Draft:
        save_profile(people.ada, alma_s, 1, {**CLASSES, "subject": "Math"})
        return open_draft(*arguments)

    monkeypatch.setattr("cersgroups.web.profile.open_draft", opened)
    visit("alma").send(f"/profiles/{alma_s}/edit/")
    with lea_scope(people.lea_id):
        draft = Draft.objects.get()
    assert (draft.version, draft.content["subject"]) == (2, "Math")


def test_a_profile_is_handed_over_to_who_may_have_it(people: People, visit: Visit, alma_s: int) -> None:
    browser = visit("alma")
    page = browser.get(f"/profiles/{alma_s}/hand-over/").content.decode()
    assert "Ada Admin" in page
    assert "Vera" not in page, "a viewer has no profiles"
    assert "Sam" not in page, "Sam is limited to another school"
    browser.send(f"/profiles/{alma_s}/hand-over/", {"person": people.ada.person_id})
    assert found(people, alma_s).owner == person_named("ada")
    assert ">Classes<" not in listed(browser)


def test_nobody_is_chosen_for_handing_over_by_a_made_up_form(people: People, visit: Visit, alma_s: int) -> None:
    answer = visit("alma").send(f"/profiles/{alma_s}/hand-over/", {"person": people.vera.person_id})
    assert answer.status_code == 400
    assert found(people, alma_s).owner == person_named("alma")


def test_an_exported_profile_can_be_imported_again(people: People, visit: Visit, alma_s: int) -> None:
    exported = visit("alma").get(f"/profiles/{alma_s}/export/")
    assert exported["Content-Disposition"] == 'attachment; filename="classes.toml"'
    file = SimpleUploadedFile("classes.toml", exported.content)
    visit("ada").send("/profiles/import/", {"file": file})
    with lea_scope(people.lea_id):
        imported = Profile.objects.get(owner_id=people.ada.person_id)
    assert imported.content == found(people, alma_s).content


@pytest.mark.parametrize(("ruling", "by_file"), [("readable", "safe"), ("safe", "readable")])
def test_an_import_says_if_its_groups_get_other_names_than_by_the_file(
    people: People, visit: Visit, ruling: str, by_file: str
) -> None:
    change_settings(people.ada, name_style=ruling)
    for style in (by_file, ruling):
        text = to_toml(from_mapping({**CLASSES, "name_style": style}))
        sent = {"file": SimpleUploadedFile("x.toml", text.encode())}
        page = visit("ada").send("/profiles/import/", sent, follow=True).content.decode()
        told = f"By the file, student groups have {style} names. Here they get {ruling} ones"
        assert "was imported" in page
        assert (told in page) is (style == by_file)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "no text in UTF-8"),
        (b"", "The file is empty"),
        (b"name = ", "x.toml: is no TOML"),
        (b'colour = "red"', "unknown key &#x27;colour&#x27;"),
        (b" " * (2 * 1024**2 + 1), "too large to be a profile"),
    ],
)
def test_a_wrong_profile_file_is_refused_with_a_sentence(visit: Visit, content: bytes, sentence: str) -> None:
    answer = visit("alma").send("/profiles/import/", {"file": SimpleUploadedFile("x.toml", content)})
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_a_profile_of_schools_that_are_not_ones_own_cannot_be_imported(visit: Visit, people: People) -> None:
    text = b'name = "x"\nschool_year = 2027\nsubject = "ELA"\ntype = "grade"\nschools = ["10"]\n'
    answer = visit("sam").send("/profiles/import/", {"file": SimpleUploadedFile("x.toml", text)})
    assert answer.status_code == 403


GETS = ("hand-over", "export")
POSTS = ("edit", "duplicate", "hand-over", "delete")


@pytest.mark.parametrize("who", ["nobody", "olga", "vera", "sam"])
def test_the_wrong_person_gets_at_nothing_of_a_profile(people: People, visit: Visit, alma_s: int, who: str) -> None:
    """Sam has Administer too, but it is Alma's profile; Olga is admin of another LEA."""
    expected = {"nobody": 302, "olga": 404, "vera": 403, "sam": 403}[who]
    browser = visit(who)
    answers: list[Any] = [browser.get(f"/profiles/{alma_s}/{page}/") for page in GETS]
    answers += [browser.send(f"/profiles/{alma_s}/{page}/", {"person": people.ada.person_id}) for page in POSTS]
    assert [getattr(answer, "status_code", 0) for answer in answers] == [expected] * len(answers)
    if who == "nobody":
        assert all(answer["Location"].startswith("/account/login/") for answer in answers)
    assert found(people, alma_s).owner == person_named("alma")
    assert found(people, alma_s).version == 1


@pytest.mark.parametrize("who", ["alma", "ada"])
def test_the_owner_and_an_admin_get_at_all_of_it(visit: Visit, alma_s: int, who: str) -> None:
    browser = visit(who)
    assert {browser.get(f"/profiles/{alma_s}/{page}/").status_code for page in GETS} == {200}
    assert {browser.send(f"/profiles/{alma_s}/{page}/").status_code for page in ("edit", "duplicate", "delete")} == {
        302
    }


@pytest.mark.parametrize("url", ["/profiles/", "/profiles/import/", "/school-selection/", "/extract-options/"])
def test_a_viewer_has_no_profiles(visit: Visit, url: str) -> None:
    assert visit("vera").get(url).status_code == 403
    assert visit("nobody").get(url).status_code == 302
    assert visit("alma").get(url).status_code == 200


@pytest.mark.parametrize("page", ["edit", "duplicate", "delete"])
def test_looking_at_an_address_changes_nothing(people: People, visit: Visit, alma_s: int, page: str) -> None:
    assert visit("ada").get(f"/profiles/{alma_s}/{page}/").status_code == 405
    assert found(people, alma_s)
