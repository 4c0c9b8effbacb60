"""Select Profiles & Create Files (features E1, E2): choose profiles, have files made, watch them being made."""

from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cersgroups.actions.extract import create_extracts, visible_extracts
from cersgroups.actions.overlap import find_shared_groups
from cersgroups.actions.profile import visible_profiles
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop
from cersgroups.records.extract import Extract
from cersgroups.records.profile import Profile
from cersgroups.web.access import At, PageRequest, page
from cersgroups.web.create_files_form import CreateFilesForm
from cersgroups.web.extract_summary import summaries, with_parts_of
from cersgroups.web.filter_list import Entry
from cersgroups.web.label import SUPPORT_LABELS, year_label
from cersgroups.web.number import whole_number
from cersgroups.web.roster_age import old_roster

MOST_WATCHED = 200
SHARED_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@page("make_extract", tab="create_files")
def create_files(request: PageRequest) -> HttpResponse:
    """The form; sent, the person is shown how the files come to be.

    `?profile=` chooses profiles at the start, `?batch=` those of files that were made together; `?consolidate=1` ticks
    one file for all.
    """
    at = request.at
    entries = [_entry(at, profile) for profile in visible_profiles(at.actor).defer("content")]
    asked = {*request.GET.getlist("profile"), *_profiles_of_batch(request)}
    chosen = [entry.value for entry in entries if entry.value in asked and not entry.reason]
    start = {"profiles": chosen, "consolidate": "consolidate" in request.GET, "as_of": at.lea.today()}
    form = CreateFilesForm(request.POST or None, entries=entries, start=start, uploads=at.lea.uploads_enabled)
    if request.method == "POST" and form.is_valid():
        extracts = _create(at, form)
        if extracts:
            return redirect(f"{reverse('creating_files')}?{urlencode({'batch': extracts[0].pk})}")
    status = 400 if form.is_bound else 200
    has_roster = at.lea.current_snapshot_id is not None
    context = {"form": form, "has_profiles": bool(entries), "has_roster": has_roster, **old_roster(at)}
    return render(request, "web/create_files/form.html", context, status=status)


@require_GET
@page("make_extract", tab="create_files")
def creating_files(request: PageRequest) -> HttpResponse:
    """How far the files asked for together (`?batch=`) are; asked by htmx, the part of it that changes.

    Survives a reload. Figures, warnings and the comparison of names are of all files, however many are shown.
    """
    actor = request.at.actor
    extracts = list(_batch(request).order_by("id"))
    if not extracts:
        raise NotThere("There are no such files, or they were deleted. Go to the list of extracted files.")
    waiting = any(extract.waiting for extract in extracts)
    ready = [extract.pk for extract in extracts if extract.state == "done"]
    shared = find_shared_groups(actor, ready) if not waiting and len(ready) > 1 else []
    faults = list(dict.fromkeys(extract.upload_fault for extract in extracts if extract.upload_fault))
    watched = _watched(extracts)
    context = {
        "summaries": summaries(actor, with_parts_of(watched)),
        "more": len(extracts) - len(watched),
        "waiting": waiting,
        "result": "" if waiting else _result(extracts),
        "faults": faults,
        "all_well": len(ready) == len(extracts) and not faults,
        "shared": shared[:SHARED_SHOWN],
        "shared_count": len(shared),
        "consolidated": urlencode({"batch": extracts[0].batch, "consolidate": 1}),
        "polled": "HX-Request" in request.headers,
    }
    part = "web/create_files/progress.html"
    return render(request, part if context["polled"] else "web/create_files/creating.html", context)


def _batch(request: PageRequest) -> "QuerySet[Extract]":
    """The extracts that were asked for together and that `?batch=` names; none without it."""
    batch = whole_number(request.GET.get("batch", ""), 18)
    extracts = visible_extracts(request.at.actor)
    return extracts.none() if batch is None else extracts.filter(batch=batch)


def _profiles_of_batch(request: PageRequest) -> list[str]:
    profiles = _batch(request).filter(profiles__profile__isnull=False).values_list("profiles__profile_id", flat=True)
    return [str(pk) for pk in profiles]


def _watched(extracts: list[Extract]) -> list[Extract]:
    """All; of very many those first of which there is no file, as each says why."""
    if len(extracts) <= MOST_WATCHED:
        return extracts
    return sorted(extracts, key=lambda extract: extract.state != "failed")[:MOST_WATCHED]


def _create(at: At, form: CreateFilesForm) -> list[Extract]:
    """The extracts, or none with the reason in the form."""
    sent = form.cleaned_data
    as_of: date = sent["as_of"]
    try:
        return create_extracts(
            at.actor,
            [int(value) for value in sent["profiles"]],
            consolidate=sent["consolidate"],
            as_of=as_of,
            upload=sent.get("upload", False),
        )
    except (NotThere, PermissionRefused):
        raise
    except RequestStop as stop:
        form.add_error(None, str(stop))
        return []


def _entry(at: At, profile: Profile) -> Entry:
    """A profile in the list; one of another school year than the roster says why it cannot be chosen."""
    parts = [SUPPORT_LABELS[profile.type], profile.subject, year_label(profile.school_year)]
    if at.actor.level == "admin":
        parts.append(str(profile.owner))
    reason = ""
    if at.lea.school_year not in (None, profile.school_year):
        reason = f"the roster is of {year_label(at.lea.school_year)}"
    return Entry(str(profile.pk), profile.name, ", ".join(parts), reason)


def _result(extracts: list[Extract]) -> str:
    """What the message says when all are done."""
    done = [extract for extract in extracts if extract.state == "done"]
    files = sum(len(extract.files) for extract in done)
    if not done:
        return (
            "No file was created. The reason is below." if len(extracts) == 1 else "No file was created. See why below."
        )
    made = "The file is ready" if files == 1 else f"{files:,} files are ready"
    not_sent = sum(1 for extract in done if extract.upload_fault)
    if not_sent:
        made += (
            ", but not uploaded: see why below" if not_sent == len(done) else "; not all were uploaded: see why below"
        )
    failed = len(extracts) - len(done)
    none = f" For {failed:,} of {len(extracts):,} profiles there is none: see why below." if failed else ""
    return f"{made}.{none}"
