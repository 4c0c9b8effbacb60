"""One roster: how far it is, what is in it, what is odd about it, how it differs; and making it current."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cersgroups.actions.comparison import Comparison, TableChange, compare
from cersgroups.actions.mapping import may_be_mapped
from cersgroups.actions.snapshot import find_snapshot, make_current, snapshot_findings
from cersgroups.actions.support import snapshot_support
from cersgroups.core.permission import Actor
from cersgroups.core.state import is_waiting
from cersgroups.records.snapshot import Snapshot
from cersgroups.web.access import PageRequest, page
from cersgroups.web.label import SUPPORT_LABELS, TABLE_LABELS, year_label
from cersgroups.web.mapping import told_places

LARGE_LOSS = 5.0
"""Percent of the students or sections: from here on a person is asked once more."""

_COUNTED_LOSSES = ("students", "sections", "schools")


@dataclass(frozen=True)
class TableLine:
    """One table in the comparison; `percent` None where there was nothing before."""

    label: str
    before: int
    after: int
    percent: float | None
    loss: bool


@require_GET
@page("see_roster", tab="roster")
def snapshot(request: PageRequest, pk: int) -> HttpResponse:
    """The page of one roster, whatever its state."""
    record = find_snapshot(request.at.actor, pk)
    context = {
        "snapshot": record,
        "waiting": is_waiting("snapshot", record.state),
        "is_current": record.pk == request.at.lea.current_snapshot_id,
        "can_manage": request.at.can("manage_roster"),
        "keeps_upload": record.keeps_upload(timezone.now()),
    }
    context["why"], _newline, context["example"] = record.why.partition("\n")
    if record.state == "failed":
        context["may_map"] = context["keeps_upload"] and may_be_mapped(record.counted)
    if record.converted:
        context |= _content(request, record)
    return render(request, "web/roster/snapshot.html", context)


@require_GET
@page("see_roster", tab="roster")
def progress(request: PageRequest, pk: int) -> HttpResponse:
    """The part of the page that is fetched again and again; when all is done, the whole page is loaded."""
    record = find_snapshot(request.at.actor, pk)
    if not is_waiting("snapshot", record.state):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "web/roster/progress.html", {"snapshot": record})


@require_POST
@page("manage_roster", tab="roster")
def put_current(request: PageRequest, pk: int) -> HttpResponse:
    """Make it the roster of which extracts are made."""
    record = make_current(request.at.actor, pk)
    messages.success(request, f"The roster {record.file_name or record.pk} is current now. Profiles choose from it.")
    return redirect("snapshot", pk)


def losses(comparison: Comparison) -> list[str]:
    """What would be lost, as sentences, if it is so much that a person should think twice."""
    changes = {change.table: change for change in comparison.tables}
    said = []
    for table in _COUNTED_LOSSES:
        change = changes[table]
        if change.percent is not None and change.percent < -LARGE_LOSS:
            share = f"{-change.percent:.0f}% fewer {table}"
            said.append(f"{share} ({change.before:,} before, {change.after:,} now)")
    return said


def _content(request: PageRequest, record: Snapshot) -> dict[str, Any]:
    """What is there to say of a roster that is ready: of one whose files were removed, what its record says."""
    actor, now = request.at.actor, request.at.lea.school_year
    comparison = compare(actor, record.pk)
    return {
        "findings": snapshot_findings(actor, record.pk),
        "support": _support(actor, record.pk) if record.stored else [],
        "comparison": comparison,
        "lines": [_line(change) for change in comparison.tables if change.table != "lea"],
        "losses": losses(comparison) if comparison.before else [],
        "year": year_label(record.school_year),
        "places": told_places(record.mapping),
        "other_year": year_label(now) if now and now != record.school_year else "",
    }


def _support(actor: Actor, snapshot_id: int) -> list[tuple[str, list[tuple[str, str]]]]:
    """Headings with the label of each feature and what the roster lacks for it."""
    support = snapshot_support(actor, snapshot_id)
    parts = (("Types", support.types), ("Group name patterns", support.name_patterns), ("Filters", support.filters))
    return [(title, [(SUPPORT_LABELS[f.name], f.lacks) for f in features]) for title, features in parts]


def _line(change: TableChange) -> TableLine:
    percent = change.percent
    label = TABLE_LABELS[change.table]
    return TableLine(label, change.before, change.after, percent, percent is not None and percent < -LARGE_LOSS)
