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
    """Ada's profile, an extract of it with a finding, an upload that waits for a yes; two rosters."""
    from tests.web.address import make_world

    return make_world(people, stored_snapshot)
