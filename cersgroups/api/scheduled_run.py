"""Runs of the scheduled process: the history, and Run now."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from cersgroups.actions import scheduled_run as action
from cersgroups.api.access import ApiRequest, needs
from cersgroups.api.paging import PageOut, Paging, newest
from cersgroups.api.strict import PathId
from cersgroups.core.permission import SYSTEM, Actor, user_can
from cersgroups.core.student_mask import without_students
from cersgroups.records.extract import Extract
from cersgroups.records.scheduled_process import ScheduledRun

router = Router(tags=["Runs"])


class RunOut(Schema):
    id: int
    occurrence: str = Field(description="The local date and time meant, or `now` and a moment.")
    due_at: datetime
    state: str = Field(description="queued, building, uploading, telling; ends as done, stopped, failed or missed.")
    outcome: str
    why: str
    upload_wanted: bool
    extract: int | None = Field(description="Null before there is one, and for whom it is not to be seen.")
    uploads: list[int]
    created_at: datetime
    finished_at: datetime | None


class RunPage(PageOut):
    items: list[RunOut]


@router.get("/runs", response=RunPage)
@needs("see_schedule")
def list_runs(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """All runs of the scheduled process, newest first."""
    actor = request.caller.actor
    return newest(request, action.visible_runs(actor), paging, lambda run: _out(actor, run))


@router.post("/runs", response={201: RunOut})
@needs("change_schedule")
def run_now(request: ApiRequest, response: HttpResponse) -> Status[Any]:
    """Run the scheduled process now, with its saved settings; if they say so, it uploads. 409 while a run goes on."""
    run = action.run_now(request.caller.actor)
    response["Location"] = f"{request.path}/{run.pk}"
    return Status(201, _out(request.caller.actor, run))


@router.get("/runs/{run_id}", response=RunOut)
@needs("see_schedule")
def show_run(request: ApiRequest, run_id: PathId) -> dict[str, Any]:
    """One run, whatever its state."""
    return _out(request.caller.actor, action.find_run(request.caller.actor, run_id))


def _out(actor: Actor, run: ScheduledRun) -> dict[str, Any]:
    """It may be of other people's profiles, so `why` names no student."""
    extract: Extract | None = getattr(run, "extract", None)
    if extract and not user_can(actor, "read_findings", owner_id=SYSTEM, school_ids=extract.school_ids):
        extract = None
    names = set(RunOut.model_fields) - {"why", "extract", "uploads"}
    return {name: getattr(run, name) for name in names} | {
        "why": without_students(run.why),
        "extract": extract.pk if extract else None,
        "uploads": [upload.pk for upload in extract.uploads.all()] if extract else [],
    }
