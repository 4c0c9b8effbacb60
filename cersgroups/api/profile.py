"""Profiles, as JSON and as the TOML that the command line runs unchanged."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Body, Header, Query, Router, Schema, Status
from pydantic import Field

from cersgroups.actions import profile as action
from cersgroups.api.access import ApiRequest, needs
from cersgroups.api.paging import PageOut, Paging, newest
from cersgroups.api.profile_content import TOML, ProfileContent
from cersgroups.api.strict import PathId
from cersgroups.records.profile import Profile

router = Router(tags=["Profiles"])

AS_TOML = {"content": {TOML: {"schema": {"type": "string", "description": "The profile's TOML file."}}}}
_ETAG = r'^"[1-9][0-9]{0,8}"$'
IfMatch = Annotated[str, Field(pattern=_ETAG, description="The ETag that the profile had when it was read.")]


class ProfileOut(Schema):
    id: int
    version: int = Field(description="Goes up with every change; it is the ETag.")
    owner: str = Field(description="The owner's e-mail.")
    created_at: datetime
    changed_at: datetime
    content: ProfileContent


class ProfilePage(PageOut):
    items: list[ProfileOut]


@router.get("/profiles", response=ProfilePage)
@needs("see_profile")
def list_profiles(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Those that the token's person may see: an admin all, others their own; newest first.

    Each with a list of students is in the audit log.
    """
    actor = request.caller.actor
    page = newest(request, action.visible_profiles(actor), paging, lambda profile: profile)
    action.note_readings(actor, page["items"])
    return {**page, "items": [_out(profile) for profile in page["items"]]}


@router.post("/profiles", response={201: ProfileOut}, openapi_extra={"requestBody": AS_TOML})
@needs("change_profile")
def create_profile(request: ApiRequest, response: HttpResponse, content: Body[ProfileContent]) -> Status[Any]:
    """Make a profile that belongs to the token's person."""
    profile = action.create_profile(request.caller.actor, content)
    response["Location"] = f"{request.path}/{profile.pk}"
    return Status(201, _tagged(response, profile))


@router.get("/profiles/{profile_id}", response=ProfileOut)
@needs("see_profile")
def show_profile(request: ApiRequest, response: HttpResponse, profile_id: PathId) -> dict[str, Any]:
    """One profile. Its ETag is needed to change it. In the audit log, if it has a list of students."""
    return _tagged(response, action.read_profile(request.caller.actor, profile_id))


@router.get(
    "/profiles/{profile_id}/toml",
    response={200: None},
    openapi_extra={"responses": {200: {"description": "OK", **AS_TOML}}},
)
@needs("see_profile")
def export_profile(request: ApiRequest, profile_id: PathId) -> HttpResponse:
    """The profile as a TOML file, which `cersgroups build` runs unchanged. In the audit log."""
    text = action.export_profile(request.caller.actor, profile_id)
    return HttpResponse(text, content_type=f"{TOML}; charset=utf-8")


@router.put("/profiles/{profile_id}", response=ProfileOut, openapi_extra={"requestBody": AS_TOML})
@needs("change_profile")
def replace_profile(
    request: ApiRequest,
    response: HttpResponse,
    profile_id: PathId,
    content: Body[ProfileContent],
    if_match: Header[IfMatch],
) -> dict[str, Any]:
    """Replace the profile's content. If somebody has changed it since it was read, nothing is changed (409)."""
    return _tagged(response, action.save_profile(request.caller.actor, profile_id, _version(if_match), content))


@router.delete("/profiles/{profile_id}", response={204: None})
@needs("change_profile")
def delete_profile(request: ApiRequest, profile_id: PathId, if_match: Header[IfMatch]) -> Status[None]:
    """Delete it; extracts made of it stay. If somebody has changed it since it was read, it stays too (409)."""
    action.delete_profile(request.caller.actor, profile_id, _version(if_match))
    return Status(204, None)


def _version(etag: str) -> int:
    return int(etag.strip('"'))


def _tagged(response: HttpResponse, profile: Profile) -> dict[str, Any]:
    response["ETag"] = f'"{profile.version}"'
    return _out(profile)


def _out(profile: Profile) -> dict[str, Any]:
    names = set(ProfileOut.model_fields) - {"owner"}
    return {name: getattr(profile, name) for name in names} | {"owner": profile.owner.email}
