"""School Selection and Extract Configuration Options: a profile between opening and saving."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cersgroups.actions.draft import open_draft, start_draft
from cersgroups.actions.lea import change_settings
from cersgroups.actions.person import change_rights
from cersgroups.actions.profile import create_profile, delete_profile, hand_over_profile, save_profile
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor
from cersgroups.core.profile import FILTERS_BY_TYPE, TYPES, Type
from cersgroups.records.draft import Draft
from cersgroups.records.profile import Profile
from cersgroups.records.school import School
from cersgroups.records.scope import lea_scope
from cersgroups.web.draft_content import content_of, new_content
from tests.engine.district_snapshot import snapshot_of
from tests.people import People
from tests.profiles import CLASSES
from tests.roster import give_roster
from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db

Visit = Callable[[str], Visitor]

CHOICES = {"shown": "classes", "subject": "ELA", "type": "classes", "name_pattern": "teacher_period"}
"""What the form of classes always sends."""


@pytest.fixture(autouse=True)
def _roster(people: People, stored_snapshot: Path) -> None:
    give_roster(people.lea_id, stored_snapshot)


def new_draft(actor: Actor, *schools: str, **content: Any) -> int:
    return start_draft(actor, {**new_content(2027, schools), **content}).pk


def edited(actor: Actor, pk: int) -> int:
    return open_draft(actor, pk, content_of).pk


def kept(people: People, pk: int) -> dict[str, Any]:
    with lea_scope(people.lea_id):
        content: dict[str, Any] = Draft.objects.get(pk=pk).content
    return content


def when_kept(people: People, pk: int) -> datetime:
    with lea_scope(people.lea_id):
        return Draft.objects.get(pk=pk).changed_at


def drafts(people: People) -> int:
    with lea_scope(people.lea_id):
        return Draft.objects.count()


def profile(people: People, **like: Any) -> Profile:
    with lea_scope(people.lea_id):
        return Profile.objects.get(**like)


def values(answer: Any) -> list[str]:
    return [entry[0] for entry in answer.json()["entries"]]


def chosen(**lists: list[str]) -> dict[str, str]:
    return {name: json.dumps(chosen) for name, chosen in lists.items()}


class TestSchoolSelection:
    def test_a_new_profile_begins_there_with_nothing_chosen(self, people: People, visit: Visit) -> None:
        answer: Any = visit("alma").send("/profiles/new/", follow=True)
        assert answer.redirect_chain[-1][0].endswith("/schools/")
        assert "School Selection" in answer.content.decode()
        with lea_scope(people.lea_id):
            assert Draft.objects.get().content["schools"] == []

    @pytest.mark.parametrize("type_", TYPES)
    def test_nothing_is_chosen_in_any_list_of_any_type(self, people: People, visit: Visit, type_: Type) -> None:
        browser = visit("alma")
        browser.send("/profiles/new/")
        with lea_scope(people.lea_id):
            pk = Draft.objects.get().pk
        browser.send(f"/drafts/{pk}/schools/", chosen(schools=["10"]))
        browser.send(f"/drafts/{pk}/options/type/", {"shown": "", "type": type_})
        page = browser.get(f"/drafts/{pk}/options/").content.decode()
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\[.*?\])"', page))
        assert fields == dict.fromkeys((*FILTERS_BY_TYPE[type_], "additional"), "[]")
        ticked = re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked', page)
        assert ticked == ["class_roles"] * (3 if type_ == "classes" else 0)

    def test_at_a_school_that_school_is_chosen_at_the_start(self, people: People, visit: Visit) -> None:
        browser = visit("alma")
        browser.send("/workplace/school/", {"school": "20"})
        browser.send("/profiles/new/")
        with lea_scope(people.lea_id):
            assert Draft.objects.get().content["schools"] == ["20"]

    def test_only_active_schools_are_offered_until_that_is_unticked(self, people: People, visit: Visit) -> None:
        with lea_scope(people.lea_id):
            School.objects.filter(school_id="20").update(active=False)
        pk, browser = new_draft(people.alma), visit("alma")
        url = f"/drafts/{pk}/schools/entries/"
        assert values(browser.send(url, {"active_only": "on", **chosen(schools=[])})) == ["10", "30"]
        assert values(browser.send(url, chosen(schools=[]))) == ["10", "30", "20"]
        assert values(browser.send(url, {"active_only": "on", **chosen(schools=["20"])})) == ["10", "30", "20"]

    def test_who_is_limited_to_a_school_is_offered_no_other(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.sam)
        assert values(visit("sam").send(f"/drafts/{pk}/schools/entries/", chosen(schools=["10"]))) == ["30"]

    def test_choices_are_kept_at_once_and_lead_to_the_options(self, people: People, visit: Visit) -> None:
        pk, browser = new_draft(people.alma), visit("alma")
        url = f"/drafts/{pk}/schools/"
        assert browser.send(url, chosen(schools=["10"]), headers={"HX-Request": "true"}).status_code == 204
        assert kept(people, pk)["schools"] == ["10"]
        assert browser.send(url, chosen(schools=["10", "20"]))["Location"] == f"/drafts/{pk}/options/"
        assert browser.get("/school-selection/")["Location"] == url

    def test_going_on_leads_to_a_page_of_ours_only(self, people: People, visit: Visit) -> None:
        pk, browser = new_draft(people.alma), visit("alma")
        url = f"/drafts/{pk}/schools/"
        assert browser.send(url, {"next": "/roster/", **chosen(schools=[])})["Location"] == "/roster/"
        for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
            answer = browser.send(url, {"next": elsewhere, **chosen(schools=[])})
            assert answer["Location"] == f"/drafts/{pk}/options/"


class TestOptions:
    @pytest.mark.parametrize(
        ("schools", "sentence"),
        [
            ([], "None is chosen yet."),
            (["1"], "The school that was chosen is no longer in the roster. Choose another one."),
            (["1", "2"], "The 2 schools that were chosen are no longer in the roster. Choose others."),
            (["10", "1"], "1 chosen: Fig High. 1 more was chosen and is no longer in the roster."),
            (["10", "1", "2"], "1 chosen: Fig High. 2 more were chosen and are no longer in the roster."),
        ],
    )
    def test_chosen_schools_that_are_gone_from_the_roster_are_told(
        self, people: People, visit: Visit, schools: list[str], sentence: str
    ) -> None:
        page = visit("alma").get(f"/drafts/{new_draft(people.alma, *schools)}/options/").content.decode()
        assert sentence in page
        assert ("None is chosen yet." in page) == (not schools)

    @pytest.mark.parametrize(
        ("type_", "words"),
        [
            ("classes", ["Group Name Pattern", "Departments", "Subject Areas", "Courses", "Teachers to Include"]),
            ("elementary_teacher", ["Teachers to Include"]),
            ("grade", ["Grades", "Kindergarten"]),
            ("counselor", ["Counselors"]),
            ("student_group", ["Student Groups", "confidential"]),
            ("student_list", ["Name of the list", "SSIDs or local IDs"]),
        ],
    )
    def test_each_type_has_its_filters(self, people: People, visit: Visit, type_: str, words: list[str]) -> None:
        pk = new_draft(people.alma, "10", "30", type=type_)
        text = visit("alma").get(f"/drafts/{pk}/options/").content.decode()
        assert [word for word in [*words, "Additional Users With Permissions"] if word not in text] == []
        assert ("Group Name Pattern" in text) == (type_ == "classes")

    def test_they_come_in_the_order_of_the_model_system(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10", type="classes")
        page = visit("alma").get(f"/drafts/{pk}/options/").content.decode()
        words = (
            *("Subject Area<", "Type<", "Group Name Pattern", "Include only Primary Classes"),
            *("Include in Scheduled Process", "Course Filters"),
            "Teachers to Include in the Extract to Access the Assessment Results",
            *("Additional Users With Permissions", "Profile name"),
        )
        places = [page.index(word) for word in words]
        assert places == sorted(places)

    def test_lists_are_called_as_in_the_model_system(self, people: People, visit: Visit) -> None:
        for type_, button in (("grade", "Select All Grade Levels"), ("student_group", "Select All Groups")):
            pk = new_draft(people.alma, "10", "30", type=type_)
            assert button in visit("alma").get(f"/drafts/{pk}/options/").content.decode()

    def test_include_in_scheduled_process_survives_another_type_and_a_roster_that_cannot_be_read(
        self, people: People, visit: Visit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pk, browser = new_draft(people.alma, "10", name_pattern="teacher_course"), visit("alma")
        url, included = f"/drafts/{pk}/options/type/", {"include_in_scheduled_process": "on"}
        sent = {**CHOICES, "name_pattern": "teacher_course", **included}
        assert 'name="include_in_scheduled_process"' in browser.send(url, sent).content.decode()

        def stop(*_arguments: Any) -> None:
            raise RequestStop("There is no roster yet.")

        with monkeypatch.context() as patch:
            patch.setattr("cersgroups.web.draft.shown_form", stop)
            page = browser.send(url, sent).content.decode()
        assert '<input type="hidden" name="include_in_scheduled_process" value="on">' in page
        assert '<input type="hidden" name="shown" value="">' in page
        browser.send(url, {"shown": "", "type": "classes", "subject": "ELA", **included})
        assert kept(people, pk)["include_in_scheduled_process"] is True
        assert kept(people, pk)["name_pattern"] == "teacher_course"

    def test_a_draft_begun_before_there_was_a_roster_is_of_the_rosters_year(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10", school_year=None)
        visit("alma").send(f"/drafts/{pk}/options/", {**CHOICES, "name": "English", "save": "profile"})
        assert profile(people, name="English").school_year == 2027

    def test_another_type_brings_its_filters_and_loses_nothing(self, people: People, visit: Visit) -> None:
        pk, browser = new_draft(people.alma, "10"), visit("alma")
        url = f"/drafts/{pk}/options/type/"
        browser.send(url, {**CHOICES, "type": "grade", **chosen(departments=["ENG"])})
        assert kept(people, pk)["departments"] == ["ENG"]
        answer = browser.send(url, {"shown": "grade", "type": "classes", **chosen(grades=["09"])})
        assert 'value="[&quot;ENG&quot;]"' in answer.content.decode()
        assert kept(people, pk)["grades"] == ["09"]

    def test_departments_narrow_subject_areas_courses_and_teachers_at_once(self, people: People, visit: Visit) -> None:
        pk, browser = new_draft(people.alma, "10", "20", type="classes"), visit("alma")

        def offered(name: str, **more: Any) -> list[str]:
            return values(browser.send(f"/drafts/{pk}/options/entries/{name}/", {**CHOICES, **more}))

        english = chosen(departments=["ENG"])
        assert offered("courses") == ["A1", "E9", "ES"]
        assert offered("subject_areas", **english) == ["English"]
        assert offered("courses", **english) == ["E9"]
        assert offered("teachers", **english) == ["2", "1"]
        assert offered("teachers", **english, all_teachers="on") == ["2", "3", "1"]

    def test_a_chosen_course_that_the_departments_exclude_says_so(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10", type="classes")
        sent = {**CHOICES, **chosen(departments=["ENG"], courses=["A1", "gone"])}
        answer: Any = visit("alma").send(f"/drafts/{pk}/options/entries/courses/", sent)
        first, second = answer.json()["entries"]
        assert first == ["A1", "Algebra 1", "A1, MAT", "does not fit the other choices"]
        assert second[0] == "E9"

    def test_what_the_roster_cannot_support_is_disabled_and_says_why(
        self, people: People, visit: Visit, tmp_path: Path
    ) -> None:
        bare = snapshot_of(tmp_path, group_members="group_code | student_id\nAVID | NOBODY")
        give_roster(people.lea_id, bare.path)
        pk = new_draft(people.alma, "10")
        text = visit("alma").get(f"/drafts/{pk}/options/").content.decode()
        [radio] = [line for line in text.splitlines() if 'value="student_group"' in line]
        assert " disabled" in radio
        assert "The roster has no student groups with members" in text

    def test_primary_classes_say_where_they_cannot_work(self, people: People, visit: Visit) -> None:
        browser = visit("alma")
        tracked, mixed = (new_draft(people.alma, *schools, type="classes") for schools in (["10"], ["10", "20"]))
        assert "Not tracked at" not in browser.get(f"/drafts/{tracked}/options/").content.decode()
        assert "Not tracked at Plum Middle" in browser.get(f"/drafts/{mixed}/options/").content.decode()
        browser.send("/workplace/school/", {"school": "20"})
        assert "Plum Middle does not track primary" in browser.get(f"/drafts/{mixed}/options/").content.decode()

    def test_what_did_not_come_from_the_page_is_refused_with_a_sentence(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10", type="classes")
        for wrong in ({"subject": "Latin"}, {"courses": "{"}, {"courses": '[["a"]]'}, {"type": "x\0"}):
            answer = visit("alma").send(f"/drafts/{pk}/options/preview/", {**CHOICES, **wrong})
            assert answer.status_code == 400
        assert visit("alma").send(f"/drafts/{pk}/options/entries/passwords/", CHOICES).status_code == 404
        assert kept(people, pk)["subject"] == ""

    def test_without_a_roster_the_page_says_so(self, people: People, visit: Visit) -> None:
        pk = start_draft(people.olga, new_content(None)).pk
        answer = visit("olga").get(f"/drafts/{pk}/options/")
        assert "There is no roster yet" in answer.content.decode()
        assert "There is no roster yet" in visit("olga").get(f"/drafts/{pk}/schools/").content.decode()


class TestPreview:
    def test_it_says_what_is_still_to_be_chosen(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma)
        text = visit("alma").send(f"/drafts/{pk}/options/preview/", {"shown": ""}).content.decode()
        assert "Choose at least one school" in text
        assert "Choose a type" in text

    def test_it_counts_and_names_the_groups_and_keeps_the_draft(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10")
        text = visit("alma").send(f"/drafts/{pk}/options/preview/", CHOICES).content.decode()
        assert "10_Ruiz-Ana_1_1" in text
        assert "What is left out or changed, and why" in text or "Nothing is left out." in text
        assert kept(people, pk)["type"] == "classes"

    def test_while_it_is_counted_the_page_is_told_to_ask_again(
        self, people: People, visit: Visit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cersgroups.actions.preview.PATIENCE", 0)
        monkeypatch.setattr("cersgroups.actions.preview._answers._seconds_more", 0)
        pk, browser = new_draft(people.alma, "10", "20"), visit("alma")
        url, sent = f"/drafts/{pk}/options/preview/", {**CHOICES, **chosen(courses=["ES"])}
        answer = browser.send(url, sent)
        assert (answer.status_code, answer.headers["HX-Trigger"] in ("counting", "queued")) == (204, True)
        assert kept(people, pk)["courses"] == ["ES"]
        while answer.status_code == 204:
            answer = browser.send(url, sent)
        assert "20_Nunez-Jose_1_1" in answer.content.decode()

    @pytest.mark.parametrize(("courses", "written"), [("ES", False), ("A1", True)])
    def test_a_page_that_only_asks_again_writes_nothing(
        self, people: People, visit: Visit, courses: str, written: bool
    ) -> None:
        """It asks several times a second, and each writing is one to the disk."""
        pk, browser = new_draft(people.alma, "10", "20"), visit("alma")
        url, sent = f"/drafts/{pk}/options/preview/", {**CHOICES, **chosen(courses=["ES"])}
        browser.send(url, sent)
        before = when_kept(people, pk)
        browser.send(url, {**sent, **chosen(courses=[courses])}, headers={"Poll": "again"})
        assert (when_kept(people, pk) != before) is written
        assert kept(people, pk)["courses"] == [courses]

    def test_it_follows_the_filters(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10")
        text = visit("alma").send(f"/drafts/{pk}/options/preview/", {**CHOICES, **chosen(courses=["A1"])})
        assert "10_Ruiz-Ana_1_1" not in text.content.decode()

    def test_a_stop_is_a_sentence(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10", school_year=2026)
        text = visit("alma").send(f"/drafts/{pk}/options/preview/", CHOICES).content.decode()
        assert "of school year 2025-26, but the roster is of 2026-27" in text

    def test_it_says_what_is_wrong_in_the_words_of_the_page(self, people: People, visit: Visit) -> None:
        pk, browser = new_draft(people.alma, "10"), visit("alma")
        long = f'="{"7" * 300}"'
        sent = {"shown": "student_list", "type": "student_list", "list_name": "Bridge", "students": long}
        for page, more in (("preview/", {}), ("", {"save": "profile", "subject": "All", "name": "Bridge"})):
            text = browser.send(f"/drafts/{pk}/options/{page}", {**sent, **more}).content.decode()
            assert "“Students” holds a text of 300 characters. Use at most 255." in text
            assert "list.students" not in text

    def test_schools_of_no_concern_are_not_previewed(self, people: People, visit: Visit) -> None:
        """The draft itself cannot name them: it does not say which schools are the actor's."""
        pk = new_draft(people.sam, "10", type="classes")
        browser = visit("sam")
        assert browser.send(f"/drafts/{pk}/options/preview/", CHOICES).status_code == 403
        assert browser.send(f"/drafts/{pk}/options/entries/teachers/", CHOICES).status_code == 403
        assert browser.get(f"/drafts/{pk}/options/").status_code == 403


class TestStudentList:
    """How a list is read stands in tests/core/pasted_list.md."""

    LIST: ClassVar = {"shown": "student_list", "subject": "All", "type": "student_list", "list_name": "Bridge"}

    def test_a_table_with_names_in_quotes_is_read(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10")
        pasted = 'Name,SSID\r\n"Garcia, Ana",7000000001\r\n'
        sent = {**self.LIST, "name": "List", "save": "profile", "students": pasted}
        visit("alma").send(f"/drafts/{pk}/options/", sent)
        assert profile(people, name="List").meaning().list.students == ("7000000001",)

    def test_a_file_is_read_by_itself_and_nothing_is_kept(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10", type="student_list", students="7000000009")
        file = SimpleUploadedFile("list.csv", b"Student ID,Last name\n2000001,Anyone\n,Other\n")
        answer: Any = visit("alma").send(f"/drafts/{pk}/options/students/", {"file": file})
        assert answer.json() == {
            "students": "2000001",
            "told": ["1 student added.", "1 row has no ID and is left out."],
        }
        assert kept(people, pk)["students"] == "7000000009"

    @pytest.mark.parametrize(
        ("file", "sentence"),
        [(b"PK\x03\x04 an .xlsx", "This is a spreadsheet or a zip file"), (b"7\x00", "This is no text")],
    )
    def test_a_file_that_is_no_text_is_refused_with_a_sentence(
        self, people: People, visit: Visit, file: bytes, sentence: str
    ) -> None:
        pk = new_draft(people.alma, "10", type="student_list")
        answer: Any = visit("alma").send(f"/drafts/{pk}/options/students/", {"file": SimpleUploadedFile("x", file)})
        assert answer.status_code == 400
        assert answer.json()["told"][0].startswith(sentence)

    def test_a_file_without_ids_says_so(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10", type="student_list")
        for data in ({}, {"file": SimpleUploadedFile("x", b"")}):
            answer: Any = visit("alma").send(f"/drafts/{pk}/options/students/", data)
            assert answer.json() == {"students": "", "told": ["The file has no IDs, so nothing was added."]}

    @pytest.mark.parametrize("pasted", ["S1\nAnyone", "Anyone"])
    def test_the_preview_says_what_is_no_id(self, people: People, visit: Visit, pasted: str) -> None:
        pk = new_draft(people.alma, "10")
        text = visit("alma").send(f"/drafts/{pk}/options/preview/", {**self.LIST, "students": pasted})
        assert "“Anyone” is no ID and is left out." in text.content.decode()

    def test_after_saving_the_number_of_what_was_left_out_is_told_and_no_name(
        self, people: People, visit: Visit
    ) -> None:
        pk = new_draft(people.alma, "10")
        sent = {**self.LIST, "name": "List", "save": "profile", "students": "S1\nAnyone\nOther"}
        answer: Any = visit("alma").send(f"/drafts/{pk}/options/", sent, follow=True)
        text = answer.content.decode()
        assert "Of what was pasted, 2 parts were left out." in text
        assert "Anyone" not in text

    def test_opening_and_saving_a_profile_changes_no_id_whatever_it_holds(self, people: People, visit: Visit) -> None:
        students = ["7000000001", "Garcia, Ana", "Local ID"]
        content = {**CLASSES, "type": "student_list", "list": {"name": "Bridge", "students": students}}
        content.pop("name_pattern")
        pk = create_profile(people.alma, content).pk
        draft = edited(people.alma, pk)
        sent = {**self.LIST, "name": "Same", "save": "profile", "students": kept(people, draft)["students"]}
        visit("alma").send(f"/drafts/{draft}/options/", sent)
        assert profile(people, name="Same").meaning().list.students == tuple(students)


class TestSaving:
    def test_a_new_profile_is_in_the_list_afterwards(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10")
        sent = {**CHOICES, "name": "English", "class_roles": ["primary"], "save": "profile", **chosen(courses=["E9"])}
        answer: Any = visit("alma").send(f"/drafts/{pk}/options/", sent, follow=True)
        assert "The profile “English” was saved." in answer.content.decode()
        saved = profile(people, name="English")
        assert saved.owner_id == people.alma.person_id
        assert saved.meaning().filters.courses == ("E9",)
        assert saved.meaning().users.roles == ("primary",)
        assert drafts(people) == 0

    def test_filters_of_another_type_stay_out_of_the_profile(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10", departments=["ENG"])
        sent = {"shown": "grade", "subject": "All", "type": "grade", "name": "Grades", "save": "profile"}
        visit("alma").send(f"/drafts/{pk}/options/", {**sent, **chosen(grades=["09"])})
        assert profile(people, name="Grades").meaning().filters.chosen() == {"grades": ("09",)}

    def test_a_list_of_students_is_read_from_what_was_pasted(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10")
        sent = {"shown": "student_list", "subject": "All", "type": "student_list", "name": "List", "save": "profile"}
        visit("alma").send(
            f"/drafts/{pk}/options/", {**sent, "list_name": "Bridge", "students": "7000000001, S2\n7000000001"}
        )
        assert profile(people, name="List").meaning().list.students == ("7000000001", "S2")

    @pytest.mark.parametrize(
        ("lacking", "sentence"),
        [("name", "Give the profile a name"), ("subject", "Choose a subject area"), ("type", "Choose a type")],
    )
    def test_what_is_missing_is_told_and_the_input_stays(
        self, people: People, visit: Visit, lacking: str, sentence: str
    ) -> None:
        pk = new_draft(people.alma, "10")
        sent = {**CHOICES, "name": "English", "save": "profile", **chosen(courses=["E9"]), lacking: ""}
        answer = visit("alma").send(f"/drafts/{pk}/options/", sent)
        assert answer.status_code == 400
        assert sentence in answer.content.decode()
        assert kept(people, pk)["courses"] == ["E9"]

    def test_another_button_than_save_keeps_the_draft_and_saves_no_profile(self, people: People, visit: Visit) -> None:
        pk = new_draft(people.alma, "10")
        answer = visit("alma").send(f"/drafts/{pk}/options/", {**CHOICES, "name": "X", "next": "/school-selection/"})
        assert answer["Location"] == "/school-selection/"
        assert kept(people, pk)["name"] == "X"
        with lea_scope(people.lea_id):
            assert not Profile.objects.exists()

    def test_the_second_of_two_is_told_and_loses_nothing(self, people: People, visit: Visit) -> None:
        pk = create_profile(people.alma, CLASSES).pk
        draft = edited(people.ada, pk)
        save_profile(people.alma, pk, 1, {**CLASSES, "subject": "Math"})
        sent = {**CHOICES, "subject": "All", "name": "Ada's", "save": "profile"}
        answer = visit("ada").send(f"/drafts/{draft}/options/", sent)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Alma Administer has changed the profile" in text
        assert 'value="Ada&#x27;s"' in text
        assert profile(people, pk=pk).subject == "Math"
        visit("ada").send(f"/drafts/{draft}/options/", {**sent, "save": "new"})
        assert profile(people, name="Ada's").subject == "All"
        assert profile(people, pk=pk).subject == "Math"

    def test_a_profile_that_was_deleted_meanwhile_is_made_anew(self, people: People, visit: Visit) -> None:
        pk = create_profile(people.alma, CLASSES).pk
        draft = edited(people.ada, pk)
        delete_profile(people.alma, pk)
        assert "was deleted after you opened it" in visit("ada").get(f"/drafts/{draft}/options/").content.decode()
        visit("ada").send(f"/drafts/{draft}/options/", {**CHOICES, "name": "Classes", "save": "profile"})
        assert profile(people, name="Classes").owner_id == people.ada.person_id

    def test_editing_changes_the_profile_and_not_its_owner(self, people: People, visit: Visit) -> None:
        pk = create_profile(people.alma, CLASSES).pk
        answer: Any = visit("ada").send(f"/profiles/{pk}/edit/", follow=True)
        assert "which belongs to Alma Administer" in answer.content.decode()
        url = answer.redirect_chain[-1][0]
        visit("ada").send(url, {**CHOICES, "subject": "Math", "name": "Classes", "save": "profile"})
        saved = profile(people, pk=pk)
        assert (saved.subject, saved.owner_id, saved.version) == ("Math", people.alma.person_id, 2)

    def test_a_profile_of_an_earlier_year_can_be_moved_to_the_rosters(self, people: People, visit: Visit) -> None:
        pk = create_profile(people.alma, {**CLASSES, "school_year": 2026}).pk
        browser = visit("alma")
        answer: Any = browser.send(f"/profiles/{pk}/edit/", follow=True)
        assert "2025-26" in answer.content.decode()
        browser.send(
            answer.redirect_chain[-1][0], {**CHOICES, "school_year": "2027", "name": "Classes", "save": "profile"}
        )
        assert profile(people, pk=pk).school_year == 2027


class TestWhoMay:
    PAGES = ("schools/", "options/")
    POSTS = (
        "schools/",
        "schools/entries/",
        "options/",
        "options/type/",
        "options/preview/",
        "options/entries/courses/",
    )

    @pytest.mark.parametrize(
        ("who", "status"), [("nobody", 302), ("olga", 404), ("vera", 403), ("sam", 404), ("ada", 404)]
    )
    def test_a_draft_is_of_one_person_alone(self, people: People, visit: Visit, who: str, status: int) -> None:
        pk = new_draft(people.alma, "10", type="classes")
        before, browser = kept(people, pk), visit(who)
        answers: list[Any] = [browser.get(f"/drafts/{pk}/{page}") for page in self.PAGES]
        answers += [browser.send(f"/drafts/{pk}/{page}", {**CHOICES, "name": "Stolen"}) for page in self.POSTS]
        assert [answer.status_code for answer in answers] == [status] * len(answers)
        browser.send(f"/drafts/{pk}/discard/")
        assert kept(people, pk) == before

    def test_its_person_gets_at_all_of_it(self, people: People, visit: Visit) -> None:
        pk, browser = new_draft(people.alma, "10", type="classes"), visit("alma")
        assert {browser.get(f"/drafts/{pk}/{page}").status_code for page in self.PAGES} == {200}
        sent = {**CHOICES, **chosen(schools=["10"])}
        assert {browser.send(f"/drafts/{pk}/{page}", sent).status_code for page in self.POSTS} == {200, 302}
        browser.send(f"/drafts/{pk}/discard/")
        assert drafts(people) == 0

    def test_who_may_not_change_the_profile_any_more_cannot_through_a_draft(self, people: People, visit: Visit) -> None:
        pk = create_profile(people.alma, CLASSES).pk
        draft = edited(people.alma, pk)
        hand_over_profile(people.alma, pk, people.ada.person_id)
        browser = visit("alma")
        assert browser.send(f"/drafts/{draft}/options/", {**CHOICES, "name": "x", "save": "new"}).status_code == 403
        browser.send(f"/drafts/{draft}/discard/")
        assert drafts(people) == 0

    @pytest.mark.parametrize("tab", ["/school-selection/", "/extract-options/"])
    def test_a_draft_that_is_refused_by_now_does_not_block_the_tabs(
        self, people: People, visit: Visit, tab: str
    ) -> None:
        browser = visit("alma")
        older = new_draft(people.alma, "30")
        pk = create_profile(people.alma, CLASSES).pk
        edited(people.alma, pk)
        hand_over_profile(people.alma, pk, people.ada.person_id)
        assert str(older) in browser.get(tab)["Location"]
        with lea_scope(people.lea_id):
            Draft.objects.filter(pk=older).delete()
        assert "No profile is open" in browser.get(tab).content.decode()

    def test_one_that_is_refused_by_now_can_be_discarded_and_not_continued(self, people: People, visit: Visit) -> None:
        pk = create_profile(people.alma, CLASSES).pk
        draft = edited(people.alma, pk)
        with lea_scope(people.lea_id):
            Draft.objects.filter(pk=draft).update(changed=True)
        hand_over_profile(people.alma, pk, people.ada.person_id)
        page = visit("alma").get("/profiles/").content.decode()
        assert f"/drafts/{draft}/discard/" in page
        assert f"/drafts/{draft}/options/" not in page

    def test_nor_does_one_of_schools_that_are_no_longer_the_persons(self, people: People, visit: Visit) -> None:
        new_draft(people.alma, "10")
        change_rights(people.ada, people.alma.person_id, "administer", ["30"])
        assert "No profile is open" in visit("alma").get("/extract-options/").content.decode()

    def test_what_is_not_saved_waits_in_the_list_of_profiles(self, people: People, visit: Visit) -> None:
        pk, browser = new_draft(people.alma, "10"), visit("alma")
        assert "Not saved yet" not in browser.get("/profiles/").content.decode()
        browser.send(f"/drafts/{pk}/options/preview/", {**CHOICES, "name": "Half done"})
        assert "Half done" in browser.get("/profiles/").content.decode()
        assert "Half done" not in visit("ada").get("/profiles/").content.decode()


@pytest.mark.parametrize(("style", "example"), [("safe", "994_Smith-Ana_3_1"), ("readable", "994 Smith Ana 3 1")])
def test_the_examples_of_names_are_in_the_leas_style(visit: Visit, people: People, style: str, example: str) -> None:
    change_settings(people.ada, name_style=style)
    pk = new_draft(people.alma, "10", type="classes")
    assert example in visit("alma").get(f"/drafts/{pk}/options/").content.decode()
