"""What the tests of the API share."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

from tests.people import People

if TYPE_CHECKING:
    from tests.web.address import World


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """Without collectstatic there are no names with digests."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def world(people: People, stored_snapshot: Path) -> "World":
    """Ada's profile, an extract of it with a finding, an upload that waits for a yes, a finished run; two rosters."""
    from django.utils import timezone

    from cersgroups.records.extract import Extract
    from cersgroups.records.scheduled_process import ScheduledRun
    from cersgroups.records.scope import lea_scope
    from tests.schedule import save
    from tests.sis import connected
    from tests.web.address import make_world

    with connected():  # the world has a source in it
        world = make_world(people, stored_snapshot)
    save(people.ada, enable=None)
    with lea_scope(people.lea_id):
        run = ScheduledRun.objects.create(
            lea_id=people.lea_id, occurrence="2026-11-20T22:30", due_at=timezone.now(), state="done"
        )
        folder = Extract.objects.get(pk=world.ids["extracted-files"]).folder
    (folder / "findings.csv").write_text("code,table,key,value,note,school_id\n")
    world.ids["runs"] = str(run.pk)
    return world
