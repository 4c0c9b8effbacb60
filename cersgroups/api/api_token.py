"""The token itself: whose it is and what it may do."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from cersgroups.actions.api_token import token_in_use
from cersgroups.api.access import ApiRequest, needs

router = Router(tags=["Token"])


class TokenOut(Schema):
    name: str
    scopes: list[str]
    expires_at: datetime
    person: str = Field(description="The e-mail of whom it acts for.")
    level: str
    school_ids: list[str] | None = Field(description="The schools that the person is limited to; null: all.")
    lea: str
    school_year: int | None = Field(description="Of the current roster: 2027 is 2026-27.")


@router.get("/token", response=TokenOut)
@needs(None)
def show_token(request: ApiRequest) -> dict[str, Any]:
    """Whose token this is, for which LEA, and what it may do: a way to test it."""
    actor, lea = request.caller.actor, request.caller.lea
    token = token_in_use(actor)
    return {
        "name": token.name,
        "scopes": token.scopes,
        "expires_at": token.expires_at,
        "person": actor.email,
        "level": actor.level,
        "school_ids": None if actor.school_ids is None else sorted(actor.school_ids),
        "lea": lea.name,
        "school_year": lea.school_year,
    }
