"""Extracts: having them made, reading their findings, downloading their files."""

from datetime import date, datetime
from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from ninja import Body, Query, Router, Schema, Status
from pydantic import Field

from cersgroups.actions import extract as action
from cersgroups.api.access import ApiRequest, needs
from cersgroups.api.finding import FindingsOut, RowsOut, findings_out
from cersgroups.api.paging import PageOut, Paging, in_order, newest
from cersgroups.api.strict import Day, Id, PathId, Strict
from cersgroups.core.error import NotThere
from cersgroups.records.extract import Extract

router = Router(tags=["Extracts"])

CSV = "text/csv"
AS_CSV = {"responses": {200: {"description": "OK", "content": {CSV: {"schema": {"type": "string"}}}}}}


class ExtractIn(Strict):
    """What files to make."""

    profiles: list[Id] = Field(min_length=1, max_length=1000, description="The ids of the profiles.")
    consolidate: bool = Field(False, description="One file of all of them; else one of each.")
    as_of: Day | None = Field(None, description="The day for which groups are made; without it, today in the LEA.")
    upload: bool = Field(False, description="Upload the files once all are done. Needs the scope upload as well.")


class ExtractProfileOut(Schema):
    id: int | None = Field(description="Null once the profile is deleted.")
    name: str
    version: int


class ExtractOut(Schema):
    id: int
    name: str
    state: str = Field(description="queued, building, done or failed.")
    as_of: date
    snapshot: int
    profiles: list[ExtractProfileOut]
    school_ids: list[str]
    consolidated: bool
    created_at: datetime
    finished_at: datetime | None
    progress: float
    message: str
    why: str = Field(description="Why there is no file.")
    files: list[str] = Field(
        description="Names of its files, to be downloaded under `files/`; none once they were removed."
    )
    records: int
    groups: int
    students: int
    users: int
    upload_wanted: bool
    upload_fault: str = Field(description="Why it was not uploaded although that was wanted.")
    files_removed_at: datetime | None = Field(description="When its files were removed; null while they are kept.")


class ExtractPage(PageOut):
    items: list[ExtractOut]


class ExtractsOut(Schema):
    items: list[ExtractOut]


@router.get("/extracts", response=ExtractPage)
@needs("read_findings")
def list_extracts(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Those that the token's person may see, newest first."""
    extracts = action.visible_extracts(request.caller.actor).prefetch_related("profiles")
    return newest(request, extracts, paging, _out)


@router.post("/extracts", response={201: ExtractsOut})
@needs("make_extract")
def create_extracts(request: ApiRequest, wanted: Body[ExtractIn]) -> Status[Any]:
    """Have files made of the current roster. Ask for each extract until its state is `done` or `failed`."""
    extracts = action.create_extracts(
        request.caller.actor,
        wanted.profiles,
        consolidate=wanted.consolidate,
        as_of=wanted.as_of,
        upload=wanted.upload,
    )
    return Status(201, {"items": [_out(Extract.objects.get(pk=extract.pk)) for extract in extracts]})


@router.get("/extracts/{extract_id}", response=ExtractOut)
@needs("read_findings")
def show_extract(request: ApiRequest, extract_id: PathId) -> dict[str, Any]:
    """One extract, whatever its state."""
    return _out(action.find_extract(request.caller.actor, extract_id))


@router.get("/extracts/{extract_id}/findings", response=FindingsOut)
@needs("read_findings")
def list_extract_findings(request: ApiRequest, extract_id: PathId) -> dict[str, Any]:
    """What was left out or changed, warnings first; counts only."""
    return findings_out(action.extract_findings(request.caller.actor, extract_id))


@router.get("/extracts/{extract_id}/findings.csv", response={200: None}, openapi_extra=AS_CSV)
@needs("download_extract")
def download_extract_findings(request: ApiRequest, extract_id: PathId) -> HttpResponseBase:
    """All rows behind all findings, as CSV. They name students; in the audit log."""
    return _file(request, extract_id, action.FINDINGS_FILE)


@router.get("/extracts/{extract_id}/findings/{code}", response=RowsOut)
@needs("read_findings")
def list_extract_finding_rows(
    request: ApiRequest, extract_id: PathId, code: str, paging: Query[Paging]
) -> dict[str, Any]:
    """The rows behind one finding."""
    actor = request.caller.actor
    finding = next((found for found in action.extract_findings(actor, extract_id) if found.code == code), None)
    if finding is None:
        raise NotThere(f"Extract {extract_id} has no such finding. Ask for its findings first.")

    def fetch(start: int, limit: int) -> list[dict[str, str]]:
        return action.read_finding_rows(actor, extract_id, code, start=start, limit=limit)

    return in_order(request, fetch, paging)


@router.get("/extracts/{extract_id}/files/{file_name}", response={200: None}, openapi_extra=AS_CSV)
@needs("download_extract")
def download_extract_file(request: ApiRequest, extract_id: PathId, file_name: str) -> HttpResponseBase:
    """One of its files, as CERS takes it. It names students; in the audit log."""
    return _file(request, extract_id, file_name)


def _file(request: ApiRequest, extract_id: int, file_name: str) -> HttpResponseBase:
    path = action.download_extract(request.caller.actor, extract_id, file_name)
    name = f"{extract_id}-{path.name}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=f"{CSV}; charset=utf-8")


def _out(extract: Extract) -> dict[str, Any]:
    names = set(ExtractOut.model_fields) - {"snapshot", "profiles"}
    profiles = [{"id": p.profile_id, "name": p.name, "version": p.version} for p in extract.profiles.all()]
    told = {name: getattr(extract, name) for name in names}
    if extract.files_removed_at is not None:
        told["files"] = []
    return told | {"snapshot": extract.snapshot_id, "profiles": profiles}
