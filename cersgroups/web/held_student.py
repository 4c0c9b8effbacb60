"""Who can see a student's results: for an admin whom a parent asks (Who sees which group)."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_http_methods

from cersgroups.actions.held_student import HeldStudent, Meaning, find_held_student
from cersgroups.core.error import PermissionRefused, RequestStop
from cersgroups.web.access import PageRequest, page
from cersgroups.web.label import year_label
from cersgroups.web.school import names_by_cds

_MEANINGS: dict[Meaning, str] = {"ssid": "The SSID is meant", "student_id": "The student ID is meant"}


@require_http_methods(["GET", "POST"])
@page("retire_groups", tab="uploads")
def held_student(request: PageRequest) -> HttpResponse:
    """The form, and what came of it. The number is posted, so that it stands in no address and no history."""
    found, wrong = (None, "") if request.method == "GET" else _search(request)
    groups = found.groups if found else []
    context = {
        "typed_number": request.POST.get("number", ""),
        "wrong": wrong,
        "found": found,
        "heading": _heading(found) if found else "",
        "meanings": _MEANINGS,
        "groups": [{"group": group, "year": year_label(group.school_year)} for group in groups],
        "schools": names_by_cds(request.at.lea),
    }
    return render(request, "web/ledger/student.html", context)


def _search(request: PageRequest) -> tuple[HeldStudent | None, str]:
    """What was found, or what is wrong with the number."""
    meaning = request.POST.get("meaning", "")
    known = meaning if meaning in _MEANINGS else None
    try:
        return find_held_student(request.at.actor, request.POST.get("number", ""), known), ""
    except PermissionRefused:
        raise
    except RequestStop as stop:
        return None, str(stop)


def _heading(found: HeldStudent) -> str:
    users, groups = len(found.users), len(found.groups)
    if found.several:
        return "Which student is meant?"
    if not found.ssid:
        return "There is no answer"
    if not users:
        return "Nobody sees the student"
    see = "sees" if users == 1 else "see"
    by = f"{intcomma(groups)} student group{pluralize(groups)}"
    return f"{intcomma(users)} user{pluralize(users)} {see} the student, by {by}"
