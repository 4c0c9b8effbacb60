"""Profiles by the API: as JSON and as TOML, page by page, and never over somebody else's change."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from cersgroups.actions.profile import create_profile, save_profile
from cersgroups.core.profile import from_mapping
from cersgroups.core.profile_text import to_toml
from cersgroups.records.audit import AuditEntry
from cersgroups.records.profile import Profile
from cersgroups.records.scope import lea_scope
from tests.api.program import Program, program_of
from tests.owner import connect_as_owner
from tests.people import People, make_people
from tests.profiles import CLASSES, GRADES

pytestmark = pytest.mark.django_db

TOML = "application/toml"


def pages(program: Program, path: str) -> Iterator[list[str]]:
    """The names on each page, as a program that follows `next` gets them."""
    url: str | None = f"http://testserver/api/v1{path}"
    while url:
        page: Any = program.client.get(url.removeprefix("http://testserver")).json()
        yield [item["content"]["name"] for item in page["items"]]
        url = page["next"]


def test_lists_come_in_pages_and_what_is_added_meanwhile_moves_nothing(people: People) -> None:
    for n in range(5):
        create_profile(people.ada, {**GRADES, "name": f"P{n}"})
    program = program_of(people.ada)
    walk = pages(program, "/profiles?limit=2")
    assert next(walk) == ["P4", "P3"]
    create_profile(people.ada, {**GRADES, "name": "New"})
    assert list(walk) == [["P2", "P1"], ["P0"]]


def test_a_list_shows_what_the_tokens_person_may_see(people: People) -> None:
    create_profile(people.ada, {**GRADES, "name": "Adas"})
    create_profile(people.alma, {**GRADES, "name": "Almas"})
    create_profile(people.olga, {**GRADES, "name": "Olgas"})
    seen = {name: next(pages(program_of(people.by_name(name)), "/profiles")) for name in ("ada", "alma", "olga")}
    assert seen == {"ada": ["Almas", "Adas"], "alma": ["Almas"], "olga": ["Olgas"]}


def test_a_profile_goes_in_and_comes_out_as_the_command_line_has_it(people: People) -> None:
    program, text = program_of(people.ada), to_toml(from_mapping(CLASSES))
    made = program.post("/profiles", text, TOML)
    assert made.json()["content"] == CLASSES
    out = program.get(f"/profiles/{made.json()['id']}/toml")
    assert (out.content.decode(), out["Content-Type"]) == (text, "application/toml; charset=utf-8")


def test_whoever_comes_second_is_told_and_overwrites_nothing(people: People) -> None:
    profile = create_profile(people.ada, GRADES)
    program = program_of(people.ada)
    etag = program.get(f"/profiles/{profile.pk}")["ETag"]
    save_profile(people.ada, profile.pk, 1, {**GRADES, "name": "Theirs"})
    refused = program.put(f"/profiles/{profile.pk}", {**GRADES, "name": "Ours"}, **{"If-Match": etag})
    assert (refused.status_code, "has changed the profile" in refused.json()["detail"]) == (409, True)
    assert program.delete(f"/profiles/{profile.pk}", **{"If-Match": etag}).status_code == 409
    read = program.get(f"/profiles/{profile.pk}")
    assert read.json()["content"]["name"] == "Theirs"
    done = program.put(f"/profiles/{profile.pk}", {**GRADES, "name": "Ours"}, **{"If-Match": read["ETag"]})
    assert (done.status_code, done["ETag"], done.json()["version"]) == (200, '"3"', 3)


def test_without_the_etag_nothing_is_changed(people: People) -> None:
    profile = create_profile(people.ada, GRADES)
    program = program_of(people.ada)
    assert program.put(f"/profiles/{profile.pk}", CLASSES).status_code == 422
    assert program.delete(f"/profiles/{profile.pk}").status_code == 422


def test_what_a_program_changed_says_by_which_token(people: People) -> None:
    program_of(people.ada, name="Nightly").post("/profiles", CLASSES)
    with lea_scope(people.lea_id):
        entry = AuditEntry.objects.get(action="create profile")
    assert entry.detail == {"name": "Classes", "by_token": "Nightly"}


@pytest.mark.django_db(transaction=True)
def test_a_profile_of_before_with_a_style_of_its_own_is_written_back_as_it_was_read() -> None:
    people = make_people()
    for name in ("One", "Two"):
        create_profile(people.ada, {**GRADES, "name": name})
    other = create_profile(people.olga, GRADES)
    for person in (people.ada, people.olga):
        with lea_scope(person.lea_id):
            for profile in Profile.objects.all():
                profile.content["name_style"] = "readable"
                profile.save()
    with connect_as_owner() as owner, owner.transaction():
        owner.execute(import_module("cersgroups.records.migrations.0025_profile_style").STRIP)
    program = program_of(people.ada)
    for item in program.get("/profiles").json()["items"]:
        read = program.get(f"/profiles/{item['id']}")
        written = program.put(f"/profiles/{item['id']}", read.json()["content"], **{"If-Match": read["ETag"]})
        assert (written.status_code, written.json()["content"]) == (200, read.json()["content"])
    with lea_scope(people.olga.lea_id):
        assert "name_style" not in Profile.objects.get(pk=other.pk).content


def test_whoever_reads_a_list_of_students_is_in_the_audit_log_and_other_profiles_are_not(people: People) -> None:
    listed = {**GRADES, "type": "student_list", "list": {"name": "Tutoring", "students": ["1000000001"]}}
    with_students, another = create_profile(people.ada, listed), create_profile(people.ada, listed)
    without = create_profile(people.ada, CLASSES)
    program = program_of(people.ada)
    assert program.get(f"/profiles/{without.pk}").status_code == 200
    assert readings(people) == []
    assert "1000000001" in program.get(f"/profiles/{with_students.pk}").content.decode()
    assert "1000000001" in program.get("/profiles").content.decode()
    program.get("/profiles?limit=1")
    entry = (f"profile {with_students.pk}", people.ada.person_id, "API", {"name": "Grades", "by_token": "Program"})
    both = {"profiles": [f"profile {another.pk}", f"profile {with_students.pk}"], "by_token": "Program"}
    listing = ("profiles", people.ada.person_id, "API", both)
    assert readings(people) == [listing, entry], "one of a page, however many it has; none of one that has none"


def test_who_may_not_read_it_leaves_no_entry(people: People) -> None:
    listed = {**GRADES, "type": "student_list", "list": {"name": "Tutoring", "students": ["1000000001"]}}
    profile = create_profile(people.ada, listed)
    program = program_of(people.alma)
    assert program.get(f"/profiles/{profile.pk}").status_code == 403
    assert program.get("/profiles").json()["items"] == []
    assert readings(people) == []


def readings(people: People) -> list[tuple[str, int | None, str, dict[str, Any]]]:
    with lea_scope(people.lea_id):
        entries = AuditEntry.objects.filter(action="read profile")
        return [(entry.object, entry.actor_id, entry.door, entry.detail) for entry in entries]
