"""Separate files that are asked for together, and to be uploaded (features E1)."""

import pytest

from cersgroups.actions.extract import create_extracts
from cersgroups.actions.lea import change_settings
from cersgroups.jobs.worker import run_worker
from cersgroups.records.extract import Extract
from cersgroups.records.scope import lea_scope
from tests.jobs.delivery import DAY, Delivery

pytestmark = pytest.mark.django_db(transaction=True)


def asked_for(stage: Delivery, *profiles: int) -> list[str]:
    """A file of each profile, uploaded; why they were not, one for each."""
    made = create_extracts(stage.people.ada, profiles, consolidate=False, as_of=DAY, upload=True)
    run_worker(wait=False)
    with lea_scope(stage.lea_id):
        return [Extract.objects.get(pk=extract.pk).upload_fault for extract in made]


def test_files_of_different_groups_are_uploaded_one_after_the_other(stage: Delivery) -> None:
    assert asked_for(stage, stage.profile(schools=["10"]), stage.profile(schools=["20"])) == ["", ""]
    assert {name[:2] for name in stage.held()} == {"10", "20"}


def test_none_is_uploaded_if_two_name_the_same_group_and_each_says_why(stage: Delivery) -> None:
    whys = asked_for(stage, stage.profile(schools=["10"]), stage.profile(schools=["10", "20"]))
    assert all(why.startswith("Not uploaded: ") for why in whys)
    assert all("in more than one of the files" in why for why in whys)
    assert all("Consolidate the profiles into one file." in why for why in whys)
    assert stage.held() == {}


def test_whoever_switches_uploads_off_meanwhile_is_told_that_nothing_was_uploaded(stage: Delivery) -> None:
    made = create_extracts(stage.people.ada, [stage.profile()], as_of=DAY, upload=True)
    change_settings(stage.people.ada, uploads_enabled=False)
    run_worker(wait=False)
    with lea_scope(stage.lea_id):
        [extract] = Extract.objects.filter(pk=made[0].pk)
    assert extract.state == "done"
    assert extract.upload_fault.startswith("Not uploaded: Uploads to CERS are switched off for this LEA.")
    assert stage.held() == {}
