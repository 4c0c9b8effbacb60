"""Uploads (features F1, F3, F6, E7): the list; one of them, what it changes and what CERS answered; its buttons."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cersgroups.actions import upload as action
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop
from cersgroups.core.permission import Actor
from cersgroups.records.upload import Upload
from cersgroups.web.access import PageRequest, page
from cersgroups.web.school import names_by_cds
from cersgroups.web.upload_summary import DIFFERENCE_LABELS, changes_title, figures_of, parts_of, state_of, what_of

UPLOADS_ON_A_PAGE = 25
ROWS_ON_A_PAGE = 100
RETIRED_SHOWN = 50


@require_GET
@page("see_upload", tab="uploads")
def uploads(request: PageRequest) -> HttpResponse:
    """All that the person may see, newest first."""
    shown = Paginator(action.visible_uploads(request.at.actor), UPLOADS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"upload": upload, "what": what_of(upload), "state": state_of(upload), "figures": figures_of(upload)}
        for upload in shown
    ]
    return render(
        request,
        "web/upload/list.html",
        {"page": shown, "rows": rows, "may_see_ledger": request.at.can("retire_groups")},
    )


@require_GET
@page("see_upload", tab="uploads")
def upload(request: PageRequest, pk: int) -> HttpResponse:
    """One upload, whatever its state; asked by htmx while a job works on it, the whole page once that has changed."""
    actor = request.at.actor
    found = action.find_upload(actor, pk)
    if "HX-Request" in request.headers and not found.waiting:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "upload": found,
        "what": what_of(found),
        "state": state_of(found),
        "figures": figures_of(found),
        "changes": changes_title(found),
        "retired": []
        if found.waiting or found.files_removed_at
        else action.read_retired_groups(actor, pk, RETIRED_SHOWN),
        "schools": names_by_cds(request.at.lea),
        "more_retired": found.figures.get("groups_retired", 0) - RETIRED_SHOWN,
        "parts": parts_of(found),
        "may": found.files_removed_at is None and _may(actor, found),
    }
    return render(request, "web/upload/upload.html", context)


@require_GET
@page("see_upload", tab="uploads")
def difference(request: PageRequest, pk: int) -> HttpResponse:
    """Who is added to which group and who is removed, by name; once its files were removed, that they are gone."""
    actor = request.at.actor
    found = action.find_upload(actor, pk)
    count = found.figures.get("rows", 0)
    shown = Paginator(range(count), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    start, limit = max(shown.start_index() - 1, 0), ROWS_ON_A_PAGE
    rows = [] if found.files_removed_at else action.read_difference_rows(actor, pk, start=start, limit=limit)
    may_download = found.files_removed_at is None and _may(actor, found)
    context = {
        "upload": found,
        "rows": rows,
        "page": shown,
        "labels": DIFFERENCE_LABELS,
        "may_download": may_download,
        "schools": names_by_cds(request.at.lea),
    }
    return render(request, "web/upload/difference.html", context)


@require_GET
@page("see_upload", tab="uploads")
def download(request: PageRequest, pk: int, file_name: str) -> HttpResponseBase:
    """One of the upload's own files, as an attachment. Refused to viewers; in the audit log."""
    path = action.download_upload_file(request.at.actor, pk, file_name)
    name = f"upload-{pk}-{path.name}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


@require_POST
@page("upload_extract")
def create(request: PageRequest, extract_id: int) -> HttpResponse:
    """Upload an extract: by the API, or by hand (`by_hand`). Either way the person first sees what it changes."""
    try:
        made = action.create_upload(request.at.actor, extract_id, by_hand=bool(request.POST.get("by_hand")))
    except (NotThere, PermissionRefused):
        raise
    except RequestStop as stop:
        messages.error(request, str(stop))
        return redirect("extract", extract_id)
    return redirect("upload", made.pk)


@require_POST
@page("upload_extract")
def agree(request: PageRequest, pk: int) -> HttpResponse:
    return _do(request, pk, action.agree, "")


@require_POST
@page("upload_extract")
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    return _do(request, pk, action.cancel, "The upload is cancelled. Nothing was sent.")


@require_POST
@page("upload_extract")
def mark_uploaded(request: PageRequest, pk: int) -> HttpResponse:
    return _do(request, pk, action.mark_uploaded, "")


def _do(request: PageRequest, pk: int, what: Callable[[Actor, int], Upload], said: str) -> HttpResponse:
    """Do it and show the upload; a reason why it cannot be done is a message there."""
    try:
        what(request.at.actor, pk)
    except (NotThere, PermissionRefused):
        raise
    except RequestStop as stop:
        messages.error(request, str(stop))
    else:
        if said:
            messages.success(request, said)
    return redirect("upload", pk)


def _may(actor: Actor, found: Upload) -> bool:
    """Whether to show the buttons; each action checks again."""
    try:
        action.find_upload(actor, found.pk, "upload_extract")
    except (NotThere, PermissionRefused):
        return False
    return True
