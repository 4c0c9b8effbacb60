"""The schools of the current roster."""

from typing import Any

from ninja import Query, Router, Schema

from cersgroups.actions.school import visible_schools
from cersgroups.api.access import ApiRequest, needs
from cersgroups.api.paging import PageOut, Paging, in_order

router = Router(tags=["Schools"])


class SchoolOut(Schema):
    school_id: str
    number: str
    name: str
    cds_code: str
    active: bool
    schedule: str
    tracks_primary_classes: bool


class SchoolPage(PageOut):
    items: list[SchoolOut]


@router.get("/schools", response=SchoolPage)
@needs(None)
def list_schools(request: ApiRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The schools that the token's person may work at, by school_id."""
    schools = visible_schools(request.caller.actor).order_by("school_id")
    return in_order(request, lambda start, limit: list(schools[start : start + limit]), paging)
