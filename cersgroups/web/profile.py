"""The tab Profiles: the list, and what can be done with one profile of it."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cersgroups.actions import profile as action
from cersgroups.actions.draft import may_go_on, open_draft, start_draft, visible_drafts
from cersgroups.core.error import EditConflict, PermissionRefused, RequestStop
from cersgroups.core.profile import TYPES
from cersgroups.records.lea import Lea
from cersgroups.records.profile import Profile
from cersgroups.web.access import PageRequest, page
from cersgroups.web.draft_content import content_of, new_content
from cersgroups.web.label import SUPPORT_LABELS, year_label
from cersgroups.web.number import whole_number
from cersgroups.web.profile_form import HandOverForm, ImportForm

PER_PAGE = 50


@require_GET
@page("see_profile", tab="profiles")
def profiles(request: PageRequest) -> HttpResponse:
    """The list, filtered by what was typed; asked for by htmx, the table alone."""
    actor, typed = request.at.actor, request.GET.get("filter", "").strip()
    shown = Paginator(_filtered(action.visible_profiles(actor), typed), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "profiles": list(map(_row, shown)), "typed": typed, "everybodys": actor.level == "admin"}
    if request.headers.get("HX-Target") == "profile-table":
        return render(request, "web/profile/table.html", context)
    drafts = [(draft, may_go_on(actor, draft)) for draft in visible_drafts(actor).filter(changed=True)]
    return render(request, "web/profile/list.html", {**context, "drafts": drafts})


def _filtered(found: "QuerySet[Profile]", typed: str) -> "QuerySet[Profile]":
    """Profiles that have every word typed in name, owner, subject, type or school year."""
    for word in typed.replace("\0", "").split():
        types = [type_ for type_ in TYPES if word.lower() in SUPPORT_LABELS[type_].lower()]
        fits = Q(name__icontains=word) | Q(owner__name__icontains=word) | Q(owner__email__icontains=word)
        fits |= Q(subject__iexact=word) | Q(type__in=types)
        found = found.filter(fits | _of_year(word))
    return found


def _of_year(word: str) -> Q:
    """`2026-27`, or a part of it, names the year that is stored as 2027."""
    years = [year for year in range(2015, 2100) if word in year_label(year)]
    return Q(school_year__in=years if len(word) > 1 else [])


def _row(profile: Profile) -> Profile:
    profile.delete_dialog = f"delete-{profile.pk}"  # type: ignore[attr-defined]
    profile.type_label = SUPPORT_LABELS[profile.type]  # type: ignore[attr-defined]
    profile.year_label = year_label(profile.school_year)  # type: ignore[attr-defined]
    return profile


@require_POST
@page("change_profile")
def new_profile(request: PageRequest) -> HttpResponse:
    """Begin a profile at School Selection; the school where one works is chosen at the start (features C1)."""
    at = request.at
    content = new_content(at.lea.school_year, [at.school.school_id] if at.school else [])
    return redirect("draft_schools", start_draft(at.actor, content).pk)


@require_POST
@page("change_profile")
def edit_profile(request: PageRequest, pk: int) -> HttpResponse:
    """Open the profile at Extract Configuration Options."""
    return redirect("draft_options", open_draft(request.at.actor, pk, content_of).pk)


@require_POST
@page("change_profile")
def duplicate_profile(request: PageRequest, pk: int) -> HttpResponse:
    copy = action.duplicate_profile(request.at.actor, pk)
    messages.success(request, f"“{copy.name}” was created and belongs to you. Edit it to give it another name.")
    return redirect("profiles")


@require_POST
@page("change_profile")
def delete_profile(request: PageRequest, pk: int) -> HttpResponse:
    """Delete it, unless somebody has changed it since the page that asked was shown."""
    profile = action.find_profile(request.at.actor, pk, "change_profile")
    version = whole_number(request.POST.get("version", ""), 9) or 0
    try:
        action.delete_profile(request.at.actor, pk, version)
    except EditConflict as conflict:
        messages.error(request, str(conflict))
    else:
        messages.success(request, f"The profile “{profile.name}” was deleted. Files that were created from it stay.")
    return redirect("profiles")


@require_http_methods(["GET", "POST"])
@page("change_profile", tab="profiles")
def hand_over_profile(request: PageRequest, pk: int) -> HttpResponse:
    """Give the profile another owner."""
    actor = request.at.actor
    profile = action.find_profile(actor, pk, "change_profile")
    people = action.possible_owners(actor, pk)
    form = HandOverForm(people, request.POST or None)
    if request.method == "POST" and form.is_valid():
        action.hand_over_profile(actor, pk, form.cleaned_data["person"])
        owner = next(person for person in people if person.pk == form.cleaned_data["person"])
        messages.success(request, f"“{profile.name}” now belongs to {owner}.")
        return redirect("profiles")
    context = {"profile": profile, "form": form, "people": people}
    return render(request, "web/profile/hand_over.html", context, status=400 if form.errors else 200)


@require_GET
@page("see_profile")
def export_profile(request: PageRequest, pk: int) -> HttpResponse:
    """The profile as a TOML file, which the command line runs unchanged (features B4)."""
    text = action.export_profile(request.at.actor, pk)
    name = action.find_profile(request.at.actor, pk).name
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "profile"}.toml"'
    return response


@require_http_methods(["GET", "POST"])
@page("change_profile", tab="profiles")
def import_profile(request: PageRequest) -> HttpResponse:
    """A new profile from a TOML file."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            profile, other_style = action.import_profile(request.at.actor, form.cleaned_data["text"], form.source)
        except PermissionRefused:
            raise
        except RequestStop as stop:
            form.add_error("file", forms.ValidationError(str(stop)))
        else:
            messages.success(request, f"The profile “{profile.name}” was imported.")
            if other_style:
                messages.warning(request, _of_other_style(other_style, request.at.lea))
            return redirect("profiles")
    return render(request, "web/profile/import.html", {"form": form}, status=400 if form.errors else 200)


def _of_other_style(style: str, lea: Lea) -> str:
    return (
        f"By the file, student groups have {style} names. Here they get {lea.name_style} ones, as the Settings of "
        f"{lea.name} say for all profiles."
    )
