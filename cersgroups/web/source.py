"""Sources of the roster (features H2, H3, H5): connecting, testing, syncing now or by itself, history, removing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cersgroups.actions import source as action
from cersgroups.actions.side_file import remove_side_files, save_side_files, visible_side_files
from cersgroups.actions.sync import cancel_sync, sync_now, visible_syncs
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop
from cersgroups.core.state import waiting_states
from cersgroups.records.source import Source
from cersgroups.web.access import PageRequest, page
from cersgroups.web.body_limit import takes_rosters
from cersgroups.web.sent_file import sent_files
from cersgroups.web.source_form import ByItselfForm, SourceForm
from cersgroups.web.sync_summary import SyncSummary

ON_A_PAGE = 20


@require_GET
@page("manage_roster", tab="roster")
def sources(request: PageRequest) -> HttpResponse:
    """The list, each with its last sync."""
    actor = request.at.actor
    rows = [
        {"source": found, "kind": action.kind_of(found), "last": visible_syncs(actor, found.pk).first()}
        for found in action.visible_sources(actor)
    ]
    return render(request, "web/source/list.html", {"rows": rows, "kinds": action.known_kinds()})


@require_http_methods(["GET", "POST"])
@page("manage_roster", tab="roster")
def new_source(request: PageRequest) -> HttpResponse:
    """Which kind, then its form."""
    kinds = {kind.kind: kind for kind in action.known_kinds()}
    kind = kinds.get(request.GET.get("kind", ""))
    if kind is None:
        return render(request, "web/source/kinds.html", {"kinds": kinds.values()})
    return _edit(request, kind, None)


@require_GET
@page("manage_roster", tab="roster")
def source(request: PageRequest, pk: int) -> HttpResponse:
    """The page of one source."""
    record = action.find_source(request.at.actor, pk)
    return _page(request, record, ByItselfForm(request.at.lea, record))


@require_http_methods(["GET", "POST"])
@page("manage_roster", tab="roster")
def source_settings(request: PageRequest, pk: int) -> HttpResponse:
    """Its settings; secrets that are left blank stay."""
    record = action.find_source(request.at.actor, pk)
    kind = action.kind_of(record)
    if kind is None:
        raise RequestStop("This version of the software does not know this kind of source. Remove it.")
    return _edit(request, kind, record)


@require_GET
@page("manage_roster", tab="roster")
def source_now(request: PageRequest, pk: int) -> HttpResponse:
    """What goes on, fetched again and again; when all is done, the whole page is loaded."""
    record = action.find_source(request.at.actor, pk)
    context = _going_on(request, record)
    if not context["moving"]:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "web/source/now.html", {"source": record, **context})


@require_POST
@page("manage_roster")
def check_source(request: PageRequest, pk: int) -> HttpResponse:
    """Test connection."""
    action.check_source(request.at.actor, pk)
    return redirect("source", pk)


@require_POST
@page("manage_roster")
def sync_source(request: PageRequest, pk: int) -> HttpResponse:
    """Sync now."""
    try:
        sync_now(request.at.actor, pk)
    except (NotThere, PermissionRefused):
        raise
    except RequestStop as stop:
        messages.error(request, str(stop))
    return redirect("source", pk)


@require_POST
@page("manage_roster")
def cancel_source_sync(request: PageRequest, pk: int) -> HttpResponse:
    """Cancel the sync that goes on."""
    try:
        cancel_sync(request.at.actor, pk)
    except (NotThere, PermissionRefused):
        raise
    except RequestStop as stop:
        messages.error(request, str(stop))
    else:
        messages.success(request, "The sync is cancelled. The roster that was in use stays in use.")
    return redirect("source", pk)


@require_POST
@page("manage_roster", tab="roster")
def source_schedule(request: PageRequest, pk: int) -> HttpResponse:
    """When it is synced by itself."""
    record = action.find_source(request.at.actor, pk)
    form = ByItselfForm(request.at.lea, record, request.POST)
    if form.is_valid():
        try:
            action.save_sync_schedule(request.at.actor, pk, form.wanted())
        except (NotThere, PermissionRefused):
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
        else:
            messages.success(request, "The sync schedule is saved.")
            return redirect("source", pk)
    return _page(request, record, form, status=400)


@require_POST
@takes_rosters
@page("manage_roster")
def source_side_files(request: PageRequest, pk: int) -> HttpResponse:
    """Store side files in the place of those that are there, or remove those."""
    actor = request.at.actor
    try:
        if "remove" in request.POST:
            remove_side_files(actor, pk)
            messages.success(request, "The side files are removed. The next sync goes without them.")
        else:
            save_side_files(actor, pk, sent_files(request, "side"))
            messages.success(request, "The side files are stored. They add to the roster from the next sync on.")
    except (NotThere, PermissionRefused):
        raise
    except RequestStop as stop:
        messages.error(request, str(stop))
    return redirect("source", pk)


@require_POST
@page("manage_roster")
def delete_source(request: PageRequest, pk: int) -> HttpResponse:
    """Remove it; its rosters stay."""
    action.delete_source(request.at.actor, pk)
    messages.success(request, "The source is removed, with its secrets. The rosters that came from it stay.")
    return redirect("sources")


def _edit(request: PageRequest, kind: action.Kind, record: Source | None) -> HttpResponse:
    form = SourceForm(request.POST or None, kind=kind, record=record)
    if request.method == "POST" and form.is_valid():
        try:
            saved = action.save_source(request.at.actor, form.entry(), record.pk if record else None)
        except (NotThere, PermissionRefused):
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
        else:
            messages.success(request, f"{saved.name} is saved. Test the connection now.")
            return redirect("source", saved.pk)
    context = {"form": form, "record": record, "kind": kind}
    return render(request, "web/source/form.html", context, status=400 if form.errors else 200)


def _page(request: PageRequest, record: Source, form: ByItselfForm, status: int = 200) -> HttpResponse:
    syncs = Paginator(visible_syncs(request.at.actor, record.pk), ON_A_PAGE).get_page(request.GET.get("page"))
    schedule = record.schedule(request.at.lea)
    context = {
        "source": record,
        "kind": action.kind_of(record),
        "settings": _shown_settings(record),
        "form": form,
        "next": schedule.next(request.at.lea.now()) if schedule else None,
        "side_files": visible_side_files(request.at.actor, record.pk),
        "syncs": [SyncSummary(sync) for sync in syncs],
        "page": syncs,
        "all_well": all(one["ok"] for one in record.checks),
        **_going_on(request, record),
    }
    return render(request, "web/source/source.html", context, status=status)


def _going_on(request: PageRequest, record: Source) -> dict[str, object]:
    waiting = visible_syncs(request.at.actor, record.pk).filter(state__in=waiting_states("snapshot"))
    going = waiting.order_by("created_at").first()
    return {"going": going, "moving": going is not None or record.being_checked}


def _shown_settings(record: Source) -> list[tuple[str, str]]:
    """What may be shown: of a secret only that it is stored."""
    kind = action.kind_of(record)
    return kind.shown(record.settings) if kind else []
