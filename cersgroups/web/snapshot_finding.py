"""The rows behind the findings of a roster, as a page and as CSV. They may name students: for admins only."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cersgroups.actions.snapshot import find_snapshot
from cersgroups.actions.snapshot_finding import read_roster_finding_rows, write_roster_findings
from cersgroups.core.finding import KINDS
from cersgroups.records.snapshot import Snapshot
from cersgroups.web.access import PageRequest, page
from cersgroups.web.label import TABLE_LABELS
from cersgroups.web.number import first_of_page

ON_A_PAGE = 100


@require_GET
@page("manage_roster", tab="roster")
def snapshot_finding(request: PageRequest, pk: int, code: str) -> HttpResponse:
    """The rows of one kind; of a roster whose files were removed, that they are gone."""
    record = find_snapshot(request.at.actor, pk)
    if record.files_removed_at is not None and record.finding_counts.get(code):
        return _removed(request, record, code)
    number = request.GET.get("page", "1")
    start = first_of_page(number, ON_A_PAGE)
    rows, count = read_roster_finding_rows(request.at.actor, pk, code, start=start, limit=ON_A_PAGE)
    schools = {s["school_id"]: f"{s['number']} {s['name']}" for s in record.schools}
    for row in rows:
        row["table"] = TABLE_LABELS.get(row["table"], row["table"])
        row["school"] = schools.get(row["school_id"], row["school_id"])
    context = {
        "snapshot": record,
        **_told(code, count),
        "rows": rows,
        "count": count,
        "page": Paginator(range(count), ON_A_PAGE).get_page(number),
    }
    return render(request, "web/roster/finding.html", context)


def _removed(request: PageRequest, record: Snapshot, code: str) -> HttpResponse:
    context = {"snapshot": record, **_told(code, record.finding_counts[code])}
    return render(request, "web/roster/finding.html", context)


def _told(code: str, count: int) -> dict[str, Any]:
    return {"kind": KINDS[code], "sentence": KINDS[code].sentence.format(count=f"{count:,}")}


@require_GET
@page("manage_roster", tab="roster")
def snapshot_findings_csv(request: PageRequest, pk: int) -> HttpResponse:
    """All rows of all kinds, for a spreadsheet; what begins like a formula is text there."""
    with TemporaryDirectory(prefix="cersgroups-") as folder:
        path = Path(folder) / "findings.csv"
        write_roster_findings(request.at.actor, pk, path)
        response = HttpResponse(path.read_bytes(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="roster-{pk}-findings.csv"'
    return response
