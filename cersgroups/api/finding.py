"""Findings as the API tells them: counts by code, and the rows behind one."""

from collections.abc import Iterable
from typing import Any

from ninja import Schema
from pydantic import Field

from cersgroups.api.paging import PageOut
from cersgroups.core.finding import Finding


class FindingOut(Schema):
    code: str
    severity: str
    count: int = Field(description="Rows of this code.")
    message: str = Field(description="What happened, with the count, and what to do about it.")


class FindingsOut(Schema):
    items: list[FindingOut]


class RowsOut(PageOut):
    """Rows may name students; each reading is in the audit log."""

    items: list[dict[str, str]] = Field(description="Each row by column.")


def findings_out(findings: Iterable[Finding]) -> dict[str, Any]:
    return {"items": [finding.as_json() for finding in findings]}
