"""What a killed worker leaves in the data folder is replaced or goes; what is somebody's work stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cersgroups.jobs import ledger, upload_preparation
from cersgroups.jobs.tidy import AGE, tidy
from cersgroups.jobs.workspace import workspace
from cersgroups.records.folder import lea_folder
from tests.jobs.delivery import Delivery

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timedelta(0)


def go_on(stage: Delivery, upload_id: int) -> str:
    ProcrastinateJob.objects.filter(task_name="deliver_upload", status="todo").update(scheduled_at=None)
    return stage.work(upload_id).state


@pytest.mark.parametrize("room", [ledger, upload_preparation])
def test_a_folder_whose_record_was_not_written_any_more_does_no_harm(
    stage: Delivery, monkeypatch: pytest.MonkeyPatch, room: object
) -> None:
    """Killed between the renaming and the commit: the transaction is taken back, the folder is there."""
    publish = room.publish  # type: ignore[attr-defined]

    def dies(aside: Path, folder: Path) -> None:
        publish(aside, folder)
        raise RuntimeError("as if killed")

    extract = stage.extract()
    with monkeypatch.context() as patch:
        patch.setattr(room, "publish", dies)
        upload = stage.upload(extract)
    assert go_on(stage, upload.pk) == "done"
    again = stage.upload(extract)
    assert again.state == "done"
    tidy(NOW)
    ledgers = sorted(int(folder.name) for folder in (lea_folder(stage.lea_id) / "ledgers").iterdir())
    uploads = sorted(int(folder.name) for folder in (lea_folder(stage.lea_id) / "uploads").iterdir())
    assert len(ledgers) == 2
    assert uploads == [upload.pk, again.pk]


def test_workspaces_go_once_nobody_works_in_them(stage: Delivery) -> None:
    place = lea_folder(stage.lea_id) / "extracts"
    left = place / ".7-killed"
    left.mkdir()
    with workspace(place / "8") as at_work:
        tidy(AGE)
        assert left.is_dir()  # it is of today
        tidy(NOW)
        assert at_work.is_dir()
        assert not left.exists()
    assert not at_work.exists()


def test_a_slow_worker_keeps_its_workspace_when_another_begins_the_same(stage: Delivery) -> None:
    place = lea_folder(stage.lea_id) / "extracts" / "9"
    left = place.with_name(".9-killed")
    left.mkdir()
    with workspace(place) as slow, workspace(place) as quick:
        assert slow.is_dir()
        assert quick != slow
        assert not left.exists()


def test_a_folder_newer_than_every_record_stays(stage: Delivery) -> None:
    """As after a backup was put back: nobody knows yet whether it is wanted."""
    stage.upload(stage.extract())
    newer = lea_folder(stage.lea_id) / "ledgers" / "99999999"
    newer.mkdir()
    os.utime(newer, (0, 0))
    tidy(AGE)
    assert newer.is_dir()


def test_the_folder_of_an_lea_that_the_database_does_not_know_stays(stage: Delivery) -> None:
    strange = lea_folder(stage.lea_id + 99_999_999) / "extracts" / "1"
    strange.mkdir()
    os.utime(strange, (0, 0))
    tidy(AGE)
    assert strange.is_dir()
