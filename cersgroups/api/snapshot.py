"""Snapshots: bringing in a roster, seeing what is in it, making it current."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import File, Form, Query, Router, Schema, Status, UploadedFile
from pydantic import Field

from cersgroups.actions import snapshot as action
from cersgroups.actions.roster_file import UploadedFile as SentFile
from cersgroups.actions.snapshot_finding import read_roster_finding_rows
from cersgroups.api.access import ApiRequest, needs
from cersgroups.api.finding import FindingsOut, RowsOut, findings_out
from cersgroups.api.paging import PageOut, Paging, in_order, newest
from cersgroups.api.strict import PathId
from cersgroups.records.snapshot import Snapshot

router = Router(tags=["Snapshots"])


class SnapshotOut(Schema):
    id: int
    state: str = Field(description="queued, fetching, converting, held, ready or failed.")
    is_current: bool = Field(description="Whether profiles choose from it and extracts are made of it.")
    file_name: str
    kind: str
    school_year: int | None
    lea_code: str
    lea_name: str
    created_at: datetime
    taken_at: datetime | None
    counts: dict[str, int] = Field(description="Rows by table.")
    progress: float
    message: str
    why: str = Field(description="Why it failed.")
    files_removed_at: datetime | None = Field(description="When its files were removed; null while they are kept.")


class SnapshotPage(PageOut):
    items: list[SnapshotOut]


@router.get("/snapshots", response=SnapshotPage)
@needs("see_roster")
def list_snapshots(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """All rosters that came in, newest first."""
    return newest(request, action.visible_snapshots(request.caller.actor), paging, lambda s: _out(request, s))


@router.post("/snapshots", response={201: SnapshotOut})
@needs("manage_roster", takes_rosters=True)
def upload_snapshot(
    request: ApiRequest,
    response: HttpResponse,
    roster: File[list[UploadedFile]],
    side: File[list[UploadedFile]] = [],  # noqa: B006 - only read
    mapping: Form[str] = "",
) -> Status[Any]:
    """Bring in a roster: one zip (OneRoster or roster folder), or CSV files. A worker then makes a snapshot of it.

    `side` are the CSV files of a side folder. `mapping` is TOML for OneRoster, blank to find the places by counting;
    without it, that of the last upload holds. Ask for the snapshot until its state is `ready` or `failed`. The first
    roster is current at once, a later one when it is made so.
    """
    places = mapping if "mapping" in request.POST else None
    snapshot = action.upload_roster(request.caller.actor, _sent(roster), places, _sent(side))
    response["Location"] = f"{request.path}/{snapshot.pk}"
    return Status(201, _out(request, snapshot))


@router.get("/snapshots/{snapshot_id}", response=SnapshotOut)
@needs("see_roster")
def show_snapshot(request: ApiRequest, snapshot_id: PathId) -> dict[str, Any]:
    """One roster, whatever its state."""
    return _out(request, action.find_snapshot(request.caller.actor, snapshot_id))


@router.get("/snapshots/{snapshot_id}/findings", response=FindingsOut)
@needs("see_roster")
def list_snapshot_findings(request: ApiRequest, snapshot_id: PathId) -> dict[str, Any]:
    """What was odd about the roster, warnings first; counts only."""
    return findings_out(action.snapshot_findings(request.caller.actor, snapshot_id))


@router.get("/snapshots/{snapshot_id}/findings/{code}", response=RowsOut)
@needs("manage_roster")
def list_snapshot_finding_rows(
    request: ApiRequest, snapshot_id: PathId, code: str, paging: Query[Paging]
) -> dict[str, Any]:
    """The rows behind one finding, of all schools."""

    def fetch(start: int, limit: int) -> list[dict[str, str]]:
        return read_roster_finding_rows(request.caller.actor, snapshot_id, code, start=start, limit=limit)[0]

    return in_order(request, fetch, paging)


@router.post("/snapshots/{snapshot_id}/make-current", response=SnapshotOut)
@needs("manage_roster")
def make_snapshot_current(request: ApiRequest, snapshot_id: PathId) -> dict[str, Any]:
    """From now on profiles choose from it, and extracts are made of it. 409 unless it is ready and has its files."""
    snapshot = action.make_current(request.caller.actor, snapshot_id)
    return _out(request, snapshot) | {"is_current": True}


def _sent(files: list[UploadedFile]) -> list[SentFile]:
    return [SentFile(file.name or "", file) for file in files]


def _out(request: ApiRequest, snapshot: Snapshot) -> dict[str, Any]:
    names = set(SnapshotOut.model_fields) - {"is_current"}
    is_current = snapshot.pk == request.caller.lea.current_snapshot_id
    return {name: getattr(snapshot, name) for name in names} | {"is_current": is_current}
