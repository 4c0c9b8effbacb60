"""Extracted Files (features E3 to E6): the list, one extract with its findings and pictures, and downloads."""

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cersgroups.actions.extract import (
    download_extract,
    extract_findings,
    find_extract,
    read_finding_rows,
    visible_extracts,
)
from cersgroups.actions.figure import extract_figures
from cersgroups.actions.upload import can_upload
from cersgroups.core.error import NotThere
from cersgroups.core.finding import Finding
from cersgroups.records.extract import Extract
from cersgroups.records.school import School
from cersgroups.web.access import PageRequest, page
from cersgroups.web.extract_picture import pictures_of
from cersgroups.web.extract_summary import save_name, summaries, summary_of, with_parts
from cersgroups.web.label import TABLE_LABELS
from cersgroups.web.upload_summary import state_of

EXTRACTS_ON_A_PAGE = 25
ROWS_ON_A_PAGE = 100


@require_GET
@page("read_findings", tab="extracted_files")
def extracted_files(request: PageRequest) -> HttpResponse:
    """All that the person may see, newest first."""
    actor = request.at.actor
    pages = Paginator(with_parts(visible_extracts(actor)), EXTRACTS_ON_A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    context = {"page": shown, "summaries": summaries(actor, shown), "may_make": request.at.can("make_extract")}
    return render(request, "web/extract/list.html", context)


@require_GET
@page("read_findings", tab="extracted_files")
def extract_row(request: PageRequest, extract_id: int) -> HttpResponse:
    """One row of the list, asked for again and again while its extract is being made."""
    found = _whole(request, extract_id)
    return render(request, "web/extract/row.html", {"summary": summary_of(request.at.actor, found)})


@require_GET
@page("read_findings", tab="extracted_files")
def extract(request: PageRequest, extract_id: int) -> HttpResponse:
    """Figures, findings and pictures of one extract; its progress while it is being made."""
    actor = request.at.actor
    found = _whole(request, extract_id)
    if "HX-Request" in request.headers and not found.waiting:
        return HttpResponse(headers={"HX-Refresh": "true"})  # it was waiting when the page was shown
    figures = extract_figures(actor, extract_id)
    context = {
        "summary": summary_of(actor, found),
        "findings": [_told(finding) for finding in extract_findings(actor, extract_id)],
        "pictures": pictures_of(figures) if figures else None,
        "may_upload": can_upload(actor, found),
        "uploads": [{"upload": upload, "state": state_of(upload)} for upload in found.uploads.all()],
    }
    return render(request, "web/extract/extract.html", context)


@require_GET
@page("read_findings", tab="extracted_files")
def finding_rows(request: PageRequest, extract_id: int, code: str) -> HttpResponse:
    """The rows behind one finding; of an extract whose files were removed, that they are gone."""
    actor = request.at.actor
    found = _whole(request, extract_id)
    finding = next((f for f in extract_findings(actor, extract_id) if f.code == code), None)
    if finding is None:
        raise NotThere(f"Extract {extract_id} has no finding {code}. Go back to the extract.")
    shown = Paginator(range(finding.count), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    start, limit = max(shown.start_index() - 1, 0), ROWS_ON_A_PAGE
    rows = [] if found.files_removed_at else read_finding_rows(actor, extract_id, code, start=start, limit=limit)
    schools = {s.school_id: f"{s.number} {s.name}" for s in School.objects.filter(lea_id=actor.lea_id)}
    for row in rows:
        row["school"] = schools.get(row["school_id"], row["school_id"])
        row["of"] = TABLE_LABELS.get(row["table"], row["table"])
    context = {"summary": summary_of(actor, found), "finding": _told(finding), "rows": rows, "page": shown}
    return render(request, "web/extract/finding_rows.html", context)


@require_GET
@page("read_findings", tab="extracted_files")
def download(request: PageRequest, extract_id: int, file_name: str) -> HttpResponseBase:
    """One of the extract's own files, as an attachment. Refused to viewers; in the audit log."""
    path = download_extract(request.at.actor, extract_id, file_name)
    name = save_name(find_extract(request.at.actor, extract_id), file_name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _whole(request: PageRequest, extract_id: int) -> Extract:
    """The extract with what its page shows. Raises NotThere or PermissionRefused."""
    find_extract(request.at.actor, extract_id)
    return with_parts(Extract.objects.select_related("created_by", "snapshot")).get(pk=extract_id)


def _told(finding: Finding) -> dict[str, object]:
    sentence = finding.kind.sentence.format(count=f"{finding.count:,}")
    return {"finding": finding, "sentence": sentence, "advice": finding.kind.advice}
