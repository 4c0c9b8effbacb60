"""A profile being made or changed: the tabs School Selection and Extract Configuration Options, preview and saving.

Every change goes into the person's draft (actions/draft.py), so going back and forth or reloading loses nothing.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cersgroups.actions.answer import Pending
from cersgroups.actions.draft import discard_draft, find_draft, keep_draft, last_draft, save_draft
from cersgroups.actions.preview import ask_preview
from cersgroups.actions.school import visible_schools
from cersgroups.core.error import DataStop, EditConflict, PermissionRefused, RequestStop, Stop
from cersgroups.core.pasted_file import text_of
from cersgroups.core.pasted_list import PastedList, line_of, read_students
from cersgroups.records.draft import Draft
from cersgroups.web.access import PageRequest, page
from cersgroups.web.choice import LISTS, listed
from cersgroups.web.draft_content import FILTERS, faults_of, mapping_of, pasted
from cersgroups.web.draft_form import DraftForm, shown_form
from cersgroups.web.idle import AGAIN, POLL
from cersgroups.web.label import KEY_LABELS
from cersgroups.web.next_page import own_page
from cersgroups.web.school_form import SchoolForm

_ENCODING = "Accept-Encoding"
_NO_IDS = "The file has no IDs, so nothing was added."
UNREADABLE = "Something on this page did not arrive as it was shown. Reload the page and try again."


@require_GET
@page("change_profile", tab="school_selection")
def school_selection(request: PageRequest) -> HttpResponse:
    """The tab: the schools of the draft that the person worked on last, or how to begin."""
    return _last_draft(request, "draft_schools")


@require_GET
@page("change_profile", tab="extract_options")
def extract_options(request: PageRequest) -> HttpResponse:
    """The tab: the options of the draft that the person worked on last, or how to begin."""
    return _last_draft(request, "draft_options")


def _last_draft(request: PageRequest, page_name: str) -> HttpResponse:
    draft = last_draft(request.at.actor)
    return redirect(page_name, draft.pk) if draft else render(request, "web/draft/none.html")


@require_http_methods(["GET", "POST"])
@page("change_profile", tab="school_selection")
def draft_schools(request: PageRequest, pk: int) -> HttpResponse:
    """Choosing schools; sent by htmx it only keeps them."""
    draft = find_draft(request.at.actor, pk)
    if request.method == "POST":
        form = SchoolForm(request.at, draft, request.POST)
        if not form.is_valid():
            return render(request, "web/draft/schools.html", {"draft": draft, "form": form}, status=400)
        keep_draft(request.at.actor, pk, {"schools": list(form.cleaned_data["schools"])})
        return HttpResponse(status=204) if _by_htmx(request) else _onward(request, "draft_options", pk)
    return render(request, "web/draft/schools.html", {"draft": draft, "form": SchoolForm(request.at, draft)})


@require_POST
@page("change_profile")
def draft_school_entries(request: PageRequest, pk: int) -> JsonResponse:
    """The schools that the page offers: active ones only, or all."""
    form = SchoolForm(request.at, find_draft(request.at.actor, pk), request.POST)
    if not form.is_valid():
        raise RequestStop(UNREADABLE)
    return JsonResponse({"entries": form.offered()})


@require_http_methods(["GET", "POST"])
@page("change_profile", tab="extract_options")
def draft_options(request: PageRequest, pk: int) -> HttpResponse:
    """The options. POST saves the profile, or, by another button than Save, keeps the draft and goes on."""
    draft = find_draft(request.at.actor, pk)
    if request.method == "GET":
        return _show_options(request, draft)
    draft = _keep(request, pk)
    if "save" not in request.POST:
        return _onward(request, "draft_options", pk)
    return _save(request, draft, as_new=request.POST["save"] == "new")


def _save(request: PageRequest, draft: Draft, *, as_new: bool) -> HttpResponse:
    faults = faults_of(draft.content, to_save=True)
    if faults:
        return _show_options(request, draft, faults, status=400)
    try:
        profile = save_draft(request.at.actor, draft.pk, mapping_of(draft.content), as_new=as_new)
    except PermissionRefused:
        raise
    except Stop as stop:
        conflict = isinstance(stop, EditConflict)
        return _show_options(request, draft, [_sentence(stop)], status=409 if conflict else 400, conflict=conflict)
    messages.success(request, f"The profile “{profile.name}” was saved.{_lost(pasted(draft.content))}")
    return redirect("profiles")


def _lost(pasted: PastedList) -> str:
    """The number only: messages travel in a cookie, which must not show names and IDs."""
    if not pasted.lost:
        return ""
    return f" Of what was pasted, {pasted.lost:,} part{' was' if pasted.lost == 1 else 's were'} left out."


def _show_options(
    request: PageRequest, draft: Draft, faults: list[str] | None = None, *, status: int = 200, conflict: bool = False
) -> HttpResponse:
    context = {"draft": draft, "faults": faults or [], "conflict": conflict, **_options(request, draft)}
    return render(request, "web/draft/options.html", context, status=status)


def _options(request: PageRequest, draft: Draft) -> dict[str, Any]:
    """What the options' templates need; without a roster, the sentence that says so."""
    schools = visible_schools(request.at.actor).filter(school_id__in=draft.content["schools"])
    try:
        form = shown_form(request.at, draft)
    except PermissionRefused:
        raise
    except Stop as stop:
        return {"stopped": str(stop), "schools": schools}
    return {
        "form": form,
        "schools": schools,
        "schools_gone": len(set(draft.content["schools"])) - len(schools),
        "students": len(pasted(draft.content).students),
        "is_type": {draft.content["type"]: True},
    }


@require_POST
@page("change_profile")
def draft_type(request: PageRequest, pk: int) -> HttpResponse:
    """The part of the options that belongs to the type, after another type was chosen."""
    draft = _keep(request, pk)
    return render(request, "web/draft/of_type.html", {"draft": draft, **_options(request, draft)})


@require_POST
@page("change_profile")
def draft_entries(request: PageRequest, pk: int, name: str) -> HttpResponse:
    """The entries of one list after the choices that the form holds now ("the selections build upon each other")."""
    if name not in LISTS:
        raise Http404
    draft = find_draft(request.at.actor, pk)
    content = {**draft.content, **_changes(request, draft)}
    plain, compressed = listed(request.at.actor, name, content).body()
    small = "gzip" in request.headers.get(_ENCODING, "")
    answer = HttpResponse(compressed if small else plain, content_type="application/json", headers={"Vary": _ENCODING})
    if small:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


@require_POST
@page("change_profile")
def draft_preview(request: PageRequest, pk: int) -> HttpResponse:
    """Keeps the draft and shows what it would give today (features D12); while that is counted, the page asks again."""
    draft = _keep(request, pk)
    shown = _preview(request, draft)
    if isinstance(shown, Pending):
        return HttpResponse(status=204, headers={"HX-Trigger": shown.value})
    return render(request, "web/draft/preview.html", {"draft": draft, **shown})


def _preview(request: PageRequest, draft: Draft) -> dict[str, Any] | Pending:
    content = draft.content
    told = pasted(content).sentences()
    faults = faults_of(content, to_save=False)
    if faults:
        return {"todo": faults, "told": told}
    asked = {**mapping_of(content), "subject": content["subject"] or "All"}
    try:
        shown = ask_preview(request.at.actor, asked, draft.pk)
    except PermissionRefused:
        raise
    except (DataStop, RequestStop) as stop:
        return {"stopped": _sentence(stop), "told": told}
    if isinstance(shown, Pending):
        return shown
    return {"preview": shown, "told": told, "more": shown.groups - len(shown.first), "today": request.at.lea.today()}


@require_POST
@page("change_profile")
def draft_students(request: PageRequest, pk: int) -> JsonResponse:
    """The students in a file, one ID per line, and what to know about it; the page's script pastes them."""
    find_draft(request.at.actor, pk)
    file: Any = request.FILES.get("file")
    try:
        found = read_students(text_of(file.read() if file else b""))
    except RequestStop as stop:
        return JsonResponse({"told": [str(stop)]}, status=400)
    number = len(found.students)
    added = f"{number:,} student{'' if number == 1 else 's'} added." if number else _NO_IDS
    return JsonResponse({"students": "\n".join(map(line_of, found.students)), "told": [added, *found.sentences()]})


@require_POST
@page("change_profile")
def draft_discard(request: PageRequest, pk: int) -> HttpResponse:
    """Throw the draft away and go back to the list."""
    discard_draft(request.at.actor, pk)
    messages.info(request, "Your unsaved changes were discarded.")
    return redirect("profiles")


def _keep(request: PageRequest, pk: int) -> Draft:
    """The draft with what the form holds now; a page that only asks again has nothing to write down."""
    draft = find_draft(request.at.actor, pk)
    changes = _changes(request, draft)
    if request.headers.get(POLL) == AGAIN and draft.content == {**draft.content, **changes}:
        return draft
    return keep_draft(request.at.actor, pk, changes)


def _changes(request: PageRequest, draft: Draft) -> dict[str, Any]:
    """What the form holds. Raises RequestStop for what the page cannot have sent."""
    form = DraftForm(request.at, draft, request.POST)
    if not form.is_valid():
        raise RequestStop(
            " ".join(dict.fromkeys(str(e) for errors in form.errors.values() for e in errors)) or UNREADABLE
        )
    changes = form.changes()
    return {key: value for key, value in changes.items() if key not in FILTERS or key in request.POST}


def _onward(request: PageRequest, page_name: str, pk: int) -> HttpResponse:
    """To the tab that the person asked for (`next`), else to this page; never to another site."""
    url = own_page(request, request.POST.get("next", ""))
    return HttpResponseRedirect(url) if url else redirect(page_name, pk)


def _by_htmx(request: PageRequest) -> bool:
    return "HX-Request" in request.headers


def _sentence(stop: Stop) -> str:
    """Without the name of the TOML file, and with the page's words for its keys: a person here has not seen it."""
    key, blank, rest = str(stop).removeprefix("profile: ").partition(" ")
    return f"“{KEY_LABELS[key]}” {rest}" if key in KEY_LABELS else f"{key}{blank}{rest}"
