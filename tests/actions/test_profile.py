"""Profiles: saved, changed by two people at once, copied, handed over, shared as TOML."""

import pytest

from cersgroups.actions.actor import actor_for
from cersgroups.actions.audit import visible_entries
from cersgroups.actions.lea import change_settings
from cersgroups.actions.person import change_rights
from cersgroups.actions.profile import (
    create_profile,
    delete_profile,
    duplicate_profile,
    export_profile,
    find_profile,
    hand_over_profile,
    import_profile,
    save_profile,
    visible_profiles,
)
from cersgroups.core.error import EditConflict, NotThere, PermissionRefused, RequestStop, StateConflict
from cersgroups.core.profile import from_mapping, from_toml
from cersgroups.core.profile_text import to_toml
from cersgroups.records.profile import Profile
from cersgroups.records.scope import lea_scope
from tests.people import People, person_named
from tests.profiles import CLASSES, GRADES

GRADES_TOML = to_toml(from_mapping(GRADES))


def stored(people: People, profile: Profile) -> Profile:
    with lea_scope(people.lea_id):
        return Profile.objects.get(pk=profile.pk)


def last_entry(people: People) -> tuple[str, str, str]:
    with lea_scope(people.lea_id):
        entry = visible_entries(people.ada)[0]
    return entry.actor_email, entry.action, entry.object


def test_a_new_profile_belongs_to_its_maker(people: People) -> None:
    profile = stored(people, create_profile(people.alma, CLASSES))
    assert profile.owner_id == people.alma.person_id
    assert (profile.name, profile.type, profile.subject, profile.school_year) == ("Classes", "classes", "ELA", 2027)
    assert last_entry(people) == ("alma@live-oak.example", "create profile", f"profile {profile.pk}")


def test_what_the_toml_file_may_not_hold_is_refused_and_nothing_is_saved(people: People) -> None:
    with pytest.raises(RequestStop, match="name_pattern is missing"):
        create_profile(people.alma, {**GRADES, "type": "classes"})
    with lea_scope(people.lea_id):
        assert not Profile.objects.exists()


def test_a_school_person_makes_profiles_of_their_school_only(people: People) -> None:
    assert create_profile(people.sam, GRADES).school_ids == ["30"]
    with pytest.raises(PermissionRefused, match="limited to other schools than 10"):
        create_profile(people.sam, {**GRADES, "schools": ["30", "10"]})


def test_saving_counts_the_version_up(people: People) -> None:
    profile = create_profile(people.alma, GRADES)
    saved = save_profile(people.alma, profile.pk, 1, {**GRADES, "name": "All grades"})
    assert (saved.name, saved.version) == ("All grades", 2)


def test_the_second_of_two_editors_is_told_who_was_first_and_nothing_is_lost(people: People) -> None:
    profile = create_profile(people.alma, GRADES)
    save_profile(people.ada, profile.pk, 1, {**GRADES, "subject": "Math"})
    with pytest.raises(EditConflict, match="Ada Admin has changed the profile “Grades” since you opened it"):
        save_profile(people.alma, profile.pk, 1, {**GRADES, "subject": "ELA"})
    assert stored(people, profile).subject == "Math"


def test_who_edits_in_two_windows_is_told_that_it_was_they(people: People) -> None:
    profile = create_profile(people.alma, GRADES)
    save_profile(people.alma, profile.pk, 1, {**GRADES, "subject": "Math"})
    with pytest.raises(EditConflict, match="You have changed the profile “Grades” in another window since you opened"):
        save_profile(people.alma, profile.pk, 1, {**GRADES, "subject": "ELA"})
    assert stored(people, profile).subject == "Math"


def test_a_school_person_cannot_add_another_school_to_their_profile(people: People) -> None:
    profile = create_profile(people.sam, GRADES)
    with pytest.raises(PermissionRefused):
        save_profile(people.sam, profile.pk, 1, {**GRADES, "schools": ["30", "20"]})
    assert stored(people, profile).school_ids == ["30"]


def test_who_is_limited_later_no_longer_reaches_their_wider_profiles(people: People) -> None:
    profile = create_profile(people.alma, CLASSES)
    change_rights(people.ada, people.alma.person_id, "administer", ["30"])
    alma = actor_for(person_named("alma"), people.lea_id)
    with lea_scope(people.lea_id):
        assert not visible_profiles(alma).exists()
        with pytest.raises(PermissionRefused):
            find_profile(alma, profile.pk)


def test_a_level_that_was_changed_meanwhile_counts_at_once(people: People) -> None:
    change_rights(people.ada, people.alma.person_id, "viewer", None)
    with pytest.raises(PermissionRefused, match="has just been changed"):
        create_profile(people.alma, GRADES)


def test_a_copy_belongs_to_whoever_copies(people: People) -> None:
    profile = create_profile(people.alma, GRADES)
    copy = duplicate_profile(people.ada, profile.pk)
    assert (copy.name, copy.owner_id, copy.version) == ("Copy of Grades", people.ada.person_id, 1)
    assert copy.content == {**stored(people, profile).content, "name": "Copy of Grades"}


def test_a_profile_is_handed_over_to_somebody_who_may_have_it(people: People) -> None:
    profile = create_profile(people.alma, GRADES)
    hand_over_profile(people.alma, profile.pk, people.sam.person_id)
    assert stored(people, profile).owner_id == people.sam.person_id
    with pytest.raises(PermissionRefused), lea_scope(people.lea_id):
        find_profile(people.alma, profile.pk)


@pytest.mark.parametrize("name", ["vera", "sam", "olga"])
def test_a_profile_is_not_handed_to_who_may_not_have_it(people: People, name: str) -> None:
    profile = create_profile(people.alma, CLASSES)
    with pytest.raises(RequestStop, match="Choose somebody"):
        hand_over_profile(people.alma, profile.pk, people.by_name(name).person_id)
    assert stored(people, profile).owner_id == people.alma.person_id


def test_a_deleted_profile_is_not_there_and_the_log_keeps_its_name(people: People) -> None:
    profile = create_profile(people.alma, GRADES)
    delete_profile(people.alma, profile.pk)
    with lea_scope(people.lea_id):
        with pytest.raises(NotThere, match=f"no profile {profile.pk}"):
            find_profile(people.alma, profile.pk)
        assert visible_entries(people.ada)[0].detail == {"name": "Grades"}


def test_an_exported_profile_is_read_back_as_the_same(people: People) -> None:
    profile = create_profile(people.alma, CLASSES)
    text = export_profile(people.alma, profile.pk)
    assert from_toml(text) == profile.meaning()
    assert import_profile(people.ada, text)[0].content == stored(people, profile).content
    with lea_scope(people.lea_id):
        assert visible_entries(people.ada).filter(action="export profile").count() == 1


def test_a_file_that_is_no_profile_is_told_by_its_name(people: People) -> None:
    with pytest.raises(RequestStop, match=r"^mine\.toml: is no TOML"):
        import_profile(people.ada, "name = ", "mine.toml")


def test_the_style_of_names_is_the_leas_and_no_profile_keeps_one(people: People) -> None:
    """Else the setting would rename the groups of some profiles and not those of others."""
    change_settings(people.ada, name_style="readable")
    same, other = import_profile(people.ada, f'name_style = "readable"\n{GRADES_TOML}')
    assert (other, "name_style" in same.content) == ("", False)
    assert import_profile(people.ada, GRADES_TOML)[1] == "safe"
    change_settings(people.ada, name_style="safe")
    assert "name_style" not in export_profile(people.ada, same.pk)


@pytest.mark.parametrize(("ruling", "asked"), [("safe", "readable"), ("readable", "safe")])
def test_a_program_that_asks_for_another_style_than_the_leas_is_told(people: People, ruling: str, asked: str) -> None:
    change_settings(people.ada, name_style=ruling)
    with pytest.raises(StateConflict, match=f"all groups of this LEA are named '{ruling}'"):
        create_profile(people.ada, {**GRADES, "name_style": asked})
    assert "name_style" not in create_profile(people.ada, {**GRADES, "name_style": ruling}).content
