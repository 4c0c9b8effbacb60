"""Lists in pages: `limit` items, newest first, and `next`, the address of the page after."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

M = TypeVar("M", bound=Model)
T = TypeVar("T")

LARGEST_ID = 2**63 - 1
_LARGEST_CURSOR = 2**53


class Paging(Schema):
    """What may be asked of every list."""

    limit: int = Field(50, ge=1, le=200, description="How many items at most.")
    cursor: int = Field(
        0, ge=0, le=_LARGEST_CURSOR, description="Where to go on: take it from `next`, do not make it up."
    )


class PageOut(Schema):
    """What every list answers, besides its items."""

    next: str | None = Field(description="The address of the next page; null on the last one.")


def newest(request: HttpRequest, records: "QuerySet[M]", paging: Paging, show: Callable[[M], T]) -> dict[str, Any]:
    """A page of records, newest first; what is added meanwhile moves nothing."""
    records = records.order_by("-pk")
    if paging.cursor:
        records = records.filter(pk__lt=paging.cursor)
    found = list(records[: paging.limit + 1])
    shown = found[: paging.limit]
    more = shown[-1].pk if len(found) > paging.limit else None
    return {"items": [show(record) for record in shown], "next": _next(request, paging, more)}


def in_order(
    request: HttpRequest, fetch: Callable[[int, int], Sequence[T]], paging: Paging, total: int | None = None
) -> dict[str, Any]:
    """A page of what never changes: `fetch(start, limit)` gives it; `total` if it is known."""
    found = list(fetch(paging.cursor, paging.limit if total is not None else paging.limit + 1))
    end = paging.cursor + paging.limit
    more = len(found) > paging.limit if total is None else end < total
    return {"items": found[: paging.limit], "next": _next(request, paging, end if more else None)}


def _next(request: HttpRequest, paging: Paging, cursor: int | None) -> str | None:
    if cursor is None:
        return None
    return request.build_absolute_uri(f"{request.path}?{urlencode({'limit': paging.limit, 'cursor': cursor})}")
