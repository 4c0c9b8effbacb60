"""The Roster tab: which roster is current, bringing in another one, all that were there (features H5)."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile as SentFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cersgroups.actions.mapping import read_places
from cersgroups.actions.roster_file import MAX_FILES
from cersgroups.actions.snapshot import (
    go_back,
    newest_held,
    remembered_mapping,
    snapshot_before,
    upload_roster,
    visible_snapshots,
)
from cersgroups.actions.source import visible_sources
from cersgroups.core.error import RequestStop
from cersgroups.core.state import waiting_states
from cersgroups.web.access import PageRequest, page
from cersgroups.web.body_limit import takes_rosters
from cersgroups.web.next_page import whole_page
from cersgroups.web.roster_age import old_roster
from cersgroups.web.sent_file import sent_files

ON_A_PAGE = 20
_LARGEST_MAPPING = 100_000


@require_GET
@page("see_roster", tab="roster")
def roster(request: PageRequest) -> HttpResponse:
    """The current roster, the upload for those who may, and the history."""
    actor = request.at.actor
    current = visible_snapshots(actor).filter(pk=request.at.lea.current_snapshot_id or 0).first()
    rosters = Paginator(visible_snapshots(actor), ON_A_PAGE).get_page(request.GET.get("page"))
    can_manage = request.at.can("manage_roster")
    context = {
        "rosters": rosters,
        "waiting": visible_snapshots(actor).filter(state__in=waiting_states("snapshot")).first(),
        "current": current,
        "held": newest_held(actor),
        "can_manage": can_manage,
        "sources": visible_sources(actor) if can_manage else (),
        **old_roster(request.at),
        "before": snapshot_before(actor),
        "mapping": remembered_mapping(actor),
        "max_bytes": settings.ROSTER_MAX_BYTES,
        "max_files": MAX_FILES,
    }
    return render(request, "web/roster/roster.html", context)


@require_POST
@takes_rosters
@page("manage_roster", tab="roster")
def upload(request: PageRequest) -> HttpResponse:
    """Store what was sent and go to the page of the new roster. Asked by htmx, a refusal is only its sentence."""
    try:
        snapshot = upload_roster(
            request.at.actor, sent_files(request, "roster"), _mapping(request), sent_files(request, "side")
        )
    except RequestStop as stop:
        if "HX-Request" not in request.headers:
            raise
        return render(request, "web/partials/alert.html", {"level": "error", "text": str(stop)})
    url = reverse("snapshot", args=[snapshot.pk])
    return whole_page(request, url)


@require_POST
@page("manage_roster", tab="roster")
def back(request: PageRequest) -> HttpResponse:
    """Go back to the roster before."""
    snapshot = go_back(request.at.actor)
    messages.success(request, f"The roster {snapshot.file_name or snapshot.pk} is current again.")
    return redirect("roster")


def _mapping(request: PageRequest) -> str | None:
    """The text of the mapping that was sent; blank to count anew; None for that of the last upload."""
    sent = cast("SentFile[bytes] | None", request.FILES.get("mapping"))
    if sent is None:
        return "" if request.POST.get("forget") else None
    if (sent.size or 0) > _LARGEST_MAPPING:
        raise RequestStop(f"{sent.name}: is too large for a mapping. Send a TOML file of a few lines.")
    try:
        text: str = sent.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RequestStop(f"{sent.name}: is no UTF-8 text. Send a mapping as a TOML file.") from None
    read_places(text)
    return text
