"""Uploads to CERS: asking for one, seeing what it changes and what CERS answered, agreeing, cancelling."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Body, Query, Router, Schema, Status
from pydantic import Field

from cersgroups.actions import upload as action
from cersgroups.api.access import ApiRequest, needs
from cersgroups.api.finding import RowsOut
from cersgroups.api.paging import PageOut, Paging, in_order, newest
from cersgroups.api.strict import Id, PathId, Strict
from cersgroups.records.upload import Upload

router = Router(tags=["Uploads"])


class UploadIn(Strict):
    """What to upload."""

    extract: Id = Field(description="The id of an extract that is done.")
    look_first: bool = Field(True, description="Wait until somebody has seen what it changes and agrees.")


class PartOut(Schema):
    number: int
    file: str
    retires: bool = Field(description="Whether it empties groups that are gone.")
    records: int
    state: str = Field(description="waiting, sending, accepted, done or refused.")
    sent_at: datetime | None
    answered_at: datetime | None
    status: str
    message: str = Field(description="CERS's own words.")


class UploadOut(Schema):
    id: int
    state: str = Field(
        description="queued, preparing, held, ready, recording, sending; ends as done, accepted, refused, stopped, "
        "cancelled or failed."
    )
    extract: int | None = Field(description="Null: it only empties groups.")
    look_first: bool
    by_hand: bool
    created_at: datetime
    finished_at: datetime | None
    agreed_at: datetime | None
    why: str
    figures: dict[str, int] = Field(description="What it changes in CERS, once that is known.")
    stops: list[str] = Field(description="Why somebody must agree first.")
    parts: list[PartOut]
    files_removed_at: datetime | None = Field(description="When its files were removed; null while they are kept.")


class UploadPage(PageOut):
    items: list[UploadOut]


@router.get("/uploads", response=UploadPage)
@needs("see_upload")
def list_uploads(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Those that the token's person may see, newest first."""
    return newest(request, action.visible_uploads(request.caller.actor).prefetch_related("parts"), paging, _out)


@router.post("/uploads", response={201: UploadOut})
@needs("upload_extract")
def create_upload(request: ApiRequest, response: HttpResponse, wanted: Body[UploadIn]) -> Status[Any]:
    """Have an extract uploaded. Ask for the upload until its state is `held`, or one of those it ends as."""
    upload = action.create_upload(request.caller.actor, wanted.extract, look_first=wanted.look_first)
    response["Location"] = f"{request.path}/{upload.pk}"
    return Status(201, _out(upload))


@router.get("/uploads/{upload_id}", response=UploadOut)
@needs("see_upload")
def show_upload(request: ApiRequest, upload_id: PathId) -> dict[str, Any]:
    """One upload, whatever its state."""
    return _out(action.find_upload(request.caller.actor, upload_id))


@router.get("/uploads/{upload_id}/changes", response=RowsOut)
@needs("see_upload")
def list_upload_changes(request: ApiRequest, upload_id: PathId, paging: Query[Paging]) -> dict[str, Any]:
    """Who is added to which group and who is removed from it."""

    def fetch(start: int, limit: int) -> list[dict[str, str]]:
        return action.read_difference_rows(request.caller.actor, upload_id, start=start, limit=limit)

    return in_order(request, fetch, paging)


@router.post("/uploads/{upload_id}/agree", response=UploadOut)
@needs("upload_extract")
def agree_to_upload(request: ApiRequest, upload_id: PathId) -> dict[str, Any]:
    """Say yes to what it takes away, as it was told. 409 unless it is `held`."""
    return _out(action.agree(request.caller.actor, upload_id))


@router.post("/uploads/{upload_id}/cancel", response=UploadOut)
@needs("upload_extract")
def cancel_upload(request: ApiRequest, upload_id: PathId) -> dict[str, Any]:
    """Do not send it. 409 once it is being sent."""
    return _out(action.cancel(request.caller.actor, upload_id))


def _out(upload: Upload) -> dict[str, Any]:
    names = set(UploadOut.model_fields) - {"extract", "parts"}
    told = {name: getattr(upload, name) for name in names}
    return told | {"extract": upload.extract_id, "parts": list(upload.parts.all())}
