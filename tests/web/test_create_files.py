"""Select Profiles & Create Files: who may choose what, what is made, and how far it is."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cersgroups.records.extract import Extract
from cersgroups.records.lea import Lea
from cersgroups.records.scope import lea_scope
from tests.people import SAMS_SCHOOL, make_people
from tests.profiles import CLASSES
from tests.web.extract_district import DAY, Folk, make_folk, shown, text_of

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/create-files/"


@pytest.fixture
def folk(stored_snapshot: Path) -> Folk:
    return make_folk(stored_snapshot)


def send(folk: Folk, who: str, *profiles: int, **more: Any) -> Any:
    """The answer to the form, sent as the page would send it."""
    chosen = "[" + ", ".join(f'"{profile}"' for profile in profiles) + "]"
    lea = folk.people.by_name(who).lea_id if who != "nobody" else folk.lea_id
    answers = {"lea": lea, "profiles": chosen, "as_of": DAY.isoformat(), **more}
    return folk.client(who).post(URL, answers)


def extracts_of(folk: Folk) -> list[Extract]:
    with lea_scope(folk.lea_id):
        return list(Extract.objects.order_by("id"))


@pytest.mark.parametrize(
    ("who", "expected"), [("nobody", 302), ("vera", 403), ("sam", 200), ("alma", 200), ("ada", 200), ("olga", 200)]
)
def test_the_form_is_for_admins_and_who_has_administer(folk: Folk, who: str, expected: int) -> None:
    folk.profile("ada", name="Secret of Ada")
    answer = folk.client(who).get(URL)
    assert answer.status_code == expected
    assert ("Secret of Ada" in answer.content.decode()) == (who == "ada")


@pytest.mark.parametrize(
    ("who", "expected"), [("nobody", 302), ("vera", 403), ("sam", 400), ("alma", 400), ("olga", 400)]
)
def test_nobody_makes_a_file_of_a_profile_that_is_not_theirs(folk: Folk, who: str, expected: int) -> None:
    answer = send(folk, who, folk.profile("ada"))
    assert answer.status_code == expected
    assert extracts_of(folk) == []
    if expected == 400:
        assert "1 chosen profile is no longer there" in answer.content.decode()


def test_each_profile_gets_a_file_of_its_own(folk: Folk) -> None:
    one, two = folk.profile("ada", name="One"), folk.profile("ada", name="Two")
    answer = send(folk, "ada", one, two)
    made = extracts_of(folk)
    assert [(e.name, e.consolidated, e.as_of) for e in made] == [("One", False, DAY), ("Two", False, DAY)]
    assert answer["Location"] == f"{URL}progress/?batch={made[0].pk}"


def test_consolidated_profiles_get_one_file(folk: Folk) -> None:
    send(folk, "ada", folk.profile("ada", name="One"), folk.profile("alma", name="Two"), consolidate="on")
    assert [e.consolidated for e in extracts_of(folk)] == [True]


def test_the_day_is_at_first_today_where_the_lea_is(folk: Folk) -> None:
    folk.profile("ada")
    with lea_scope(folk.lea_id):
        today = Lea.objects.get(pk=folk.lea_id).today()
    assert f'value="{today.isoformat()}"' in folk.client("ada").get(URL).content.decode()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"profiles": "[]"}, "Choose at least one of the profiles."),
        ({"profiles": "{"}, "did not arrive whole"),
        ({"profiles": '["x"]'}, "no longer there"),
        ({"profiles": '["99999999999999999999999"]'}, "no longer there"),
        ({"as_of": "soon"}, "Enter a day as month, day and year."),
        ({"as_of": ""}, "Enter a day."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_made(
    folk: Folk, answers: dict[str, str], sentence: str
) -> None:
    answer = send(folk, "ada", folk.profile("ada"), **answers)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert extracts_of(folk) == []


def test_a_profile_of_another_school_year_cannot_be_chosen_and_says_why(folk: Folk) -> None:
    profile = folk.profile("ada", school_year=2026)
    assert "the roster is of 2026-27" in folk.client("ada").get(URL).content.decode()
    answer = send(folk, "ada", profile)
    assert "is of school year 2025-26, but the roster is of 2026-27" in text_of(answer.content.decode())


def test_a_link_chooses_a_profile_at_the_start(folk: Folk) -> None:
    profile, other = folk.profile("alma"), folk.profile("ada")
    page = folk.client("alma").get(f"{URL}?profile={profile}&profile={other}&profile=x").content.decode()
    assert f'value="[&quot;{profile}&quot;]"' in page


def test_without_a_profile_or_a_roster_the_page_says_what_to_do(folk: Folk) -> None:
    assert "There is no profile to choose yet" in shown(folk.client("ada"), URL)
    page = folk.client("olga").get(URL).content.decode()
    assert "There is no roster yet" in page
    assert 'href="/roster/">Go to Roster</a>' in page


def test_the_progress_is_shown_again_after_a_reload_until_the_message(folk: Folk) -> None:
    [extract] = folk.extracts("alma", [folk.profile("alma")], work=False)
    url = f"{URL}progress/?batch={extract}"
    with lea_scope(folk.lea_id):
        Extract.objects.filter(pk=extract).update(state="building", progress=0.42, message="building groups")
    client = folk.client("alma")
    for _ in range(2):
        page = client.get(url).content.decode()
        assert 'value="42"' in page
        assert f'hx-get="{URL}progress/?batch={extract}" hx-trigger="every 2s"' in page
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-swap-oob" not in part
    with lea_scope(folk.lea_id):
        Extract.objects.filter(pk=extract).update(state="failed", why="No term runs on that day.")
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part
    assert 'hx-swap-oob="beforeend:#messages"' in part
    assert "No file was created." in part
    assert "No term runs on that day." in part


def test_a_done_file_can_be_downloaded_from_where_it_was_asked_for(folk: Folk) -> None:
    extract = folk.extract("alma")
    page = folk.client("alma").get(f"{URL}progress/?batch={extract}").content.decode()
    assert "The file is ready." in page
    assert f"/extracted-files/{extract}/files/extract-1.csv" in page


def test_who_waits_long_is_told_whom_to_ask(folk: Folk) -> None:
    [extract] = folk.extracts("alma", [folk.profile("alma")], work=False)
    url = f"{URL}progress/?batch={extract}"
    assert "Waiting to start." in shown(folk.client("alma"), url)
    with lea_scope(folk.lea_id):
        Extract.objects.filter(pk=extract).update(created_at=timezone.now() - timedelta(minutes=5))
    assert "Still waiting to start." in shown(folk.client("alma"), url)


def test_separate_files_that_name_the_same_group_are_told(folk: Folk) -> None:
    made = folk.extracts("ada", [folk.profile("ada", name="One"), folk.profile("ada", name="Two", schools=["10"])])
    text = shown(folk.client("ada"), f"{URL}progress/?batch={made[0]}")
    assert "2 student groups are in more than one of these files." in text
    assert "10_Ruiz-Ana_1_1: One, Two" in text
    assert "2 files are ready." in text


def test_separate_files_of_other_groups_bring_no_warning(folk: Folk) -> None:
    profiles = [folk.profile("ada", name="One", schools=["20"]), folk.profile("ada", name="Two", schools=["10"])]
    made = folk.extracts("ada", profiles)
    text = shown(folk.client("ada"), f"{URL}progress/?batch={made[0]}")
    assert "more than one of these files" not in text


def test_the_link_to_one_consolidated_file_chooses_their_profiles(folk: Folk) -> None:
    profiles = [folk.profile("ada", name="One"), folk.profile("ada", name="Two", schools=["10"])]
    other = folk.profile("ada", name="Three")
    [first, _second] = folk.extracts("ada", profiles)
    page = folk.client("ada").get(f"{URL}progress/?batch={first}").content.decode()
    assert f'href="{URL}?batch={first}&amp;consolidate=1"' in page
    form = folk.client("ada").get(f"{URL}?batch={first}&consolidate=1").content.decode()
    [chosen] = re.findall(r'value="(\[&quot;[^"]*)"', form)
    assert set(re.findall(r"\d+", chosen)) == {str(profile) for profile in profiles}
    assert str(other) not in re.findall(r"\d+", chosen)


@pytest.fixture
def few_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cersgroups.web.create_files.MOST_WATCHED", 2)


@pytest.mark.usefixtures("few_shown")
def test_of_very_many_files_some_are_shown_and_all_are_counted_and_compared(folk: Folk) -> None:
    names = {"One": ["20"], "Two": ["30"], "Three": ["10"], "Four": ["10"]}
    made = folk.extracts("ada", [folk.profile("ada", name=name, schools=ids) for name, ids in names.items()])
    text = shown(folk.client("ada"), f"{URL}progress/?batch={made[0]}")
    assert "And 2 more files: all are listed in Extracted Files" in text
    assert re.search(r"student groups? (is|are) in more than one of these files", text)
    assert ": Three, Four" in text
    with lea_scope(folk.lea_id):
        done = Extract.objects.filter(state="done").count()
    assert f"{done} files are ready." in text


@pytest.mark.usefixtures("few_shown")
def test_of_very_many_files_those_that_could_not_be_made_are_shown_first(folk: Folk) -> None:
    made = folk.extracts("ada", [folk.profile("ada", name=f"Profile {n}") for n in range(4)], work=False)
    with lea_scope(folk.lea_id):
        Extract.objects.update(state="done")
        Extract.objects.filter(pk=made[-1]).update(state="failed", why="No term runs on that day.")
    text = shown(folk.client("ada"), f"{URL}progress/?batch={made[0]}")
    assert "For 1 of 4 profiles there is none: see why below." in text
    assert text.index("No term runs on that day.") < text.index("And 2 more files")


@pytest.mark.usefixtures("few_shown")
def test_the_page_waits_for_those_that_are_not_shown_too(folk: Folk) -> None:
    made = folk.extracts("ada", [folk.profile("ada", name=f"Profile {n}") for n in range(3)], work=False)
    with lea_scope(folk.lea_id):
        Extract.objects.exclude(pk=made[-1]).update(state="done")
    page = folk.client("ada").get(f"{URL}progress/?batch={made[0]}").content.decode()
    assert "every 2s" in page
    assert "And 1 more file:" in page


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        (2, "2 files are ready, but not uploaded: see why below."),
        (1, "2 files are ready; not all were uploaded: see why below."),
        (0, "2 files are ready."),
    ],
)
def test_whoever_wanted_an_upload_that_was_not_made_is_told_there(folk: Folk, left_out: int, sentence: str) -> None:
    made = folk.extracts("ada", [folk.profile("ada", name=name, schools=[name]) for name in ("10", "20")])
    fault = "Not uploaded: Uploads to CERS are switched off for this LEA. An admin switches them on under Settings."
    with lea_scope(folk.lea_id):
        Extract.objects.filter(pk__in=made[2 - left_out :]).update(upload_fault=fault)
    for headers in ({}, {"HX-Request": "true"}):
        page = folk.client("ada").get(f"{URL}progress/?batch={made[0]}", headers=headers).content.decode()
        assert sentence in page
        assert page.count(fault) == (1 if left_out else 0)
        assert page.count(">Not uploaded<") == left_out
        assert ("alert-success" in page) == (not left_out)


@pytest.mark.parametrize(
    ("who", "expected"), [("nobody", 302), ("vera", 403), ("sam", 404), ("olga", 404), ("ada", 200)]
)
def test_nobody_watches_what_is_not_theirs(folk: Folk, who: str, expected: int) -> None:
    [extract] = folk.extracts("alma", [folk.profile("alma")], work=False)
    assert folk.client(who).get(f"{URL}progress/?batch={extract}").status_code == expected


@pytest.mark.parametrize("query", ["", "?batch=", "?batch=x", "?batch=99999999999999999999999", "?batch=-1"])
def test_nothing_to_watch_is_no_page(folk: Folk, query: str) -> None:
    assert folk.client("ada").get(f"{URL}progress/{query}").status_code == 404


def test_who_is_limited_to_a_school_makes_files_of_it(folk: Folk) -> None:
    mine = {**CLASSES, "schools": [SAMS_SCHOOL]}
    answer = send(folk, "sam", folk.profile("sam", **mine))
    assert answer.status_code == 302
    assert [e.school_ids for e in extracts_of(folk)] == [[SAMS_SCHOOL]]


def test_the_form_is_never_sent_by_another_site() -> None:
    from django.test import Client

    from cersgroups.records.person import Person

    client = Client(enforce_csrf_checks=True)
    ada = make_people().ada
    client.force_login(Person.objects.get(pk=ada.person_id))
    answer = client.post(URL, {"lea": ada.lea_id, "profiles": '["1"]', "as_of": DAY.isoformat()})
    assert answer.status_code == 403
    assert "This page is out of date" in answer.content.decode()
