"""Where a person works: at the district or at one school of an LEA; chosen in the header, kept in the session."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cersgroups.actions.school import visible_schools
from cersgroups.core.error import NotThere
from cersgroups.web.access import LEA, SCHOOL, PageRequest, page
from cersgroups.web.next_page import own_page


@require_GET
@page()
def workplace(request: PageRequest) -> HttpResponse:
    """The page with all choices; asked for by htmx, the part of it that the header's menu shows."""
    part = "HX-Request" in request.headers
    template = "web/partials/workplace_choice.html" if part else "web/workplace.html"
    schools = visible_schools(request.at.actor).filter(active=True)
    return render(
        request, template, {"schools": schools, "next": own_page(request, request.GET.get("next", "")) or "/"}
    )


@require_POST
@page()
def choose_school(request: PageRequest) -> HttpResponse:
    """Work at this school, or at the district if the field is blank. Raises NotThere for a school of no concern."""
    school_id = request.POST.get("school", "")
    if not school_id:
        request.session.pop(SCHOOL, None)
        place = request.at.lea.name
    else:
        named = visible_schools(request.at.actor).filter(school_id=school_id)
        school = named.first() if "\0" not in school_id else None  # the database takes no such text
        if school is None:
            raise NotThere("There is no such school where you may work. Choose another one in the header.")
        request.session[SCHOOL] = school_id
        place = school.name
    messages.success(request, f"You now work at {place}.")
    return HttpResponseRedirect(own_page(request, request.POST.get("next", "")) or "/")


@require_POST
@page()
def choose_lea(request: PageRequest) -> HttpResponse:
    """Work at another of the person's LEAs, on its page `next`, else its first one.

    Raises NotThere for an LEA where the person has no membership.
    """
    lea = next((lea for lea in request.at.leas if str(lea.pk) == request.POST.get("to", "")), None)
    if lea is None:
        raise NotThere("There is no such LEA where you may work. Choose another one in the header.")
    request.session[LEA] = lea.pk
    request.session.pop(SCHOOL, None)
    messages.success(request, f"You now work at {lea.name}.")
    # the page before belongs to the other LEA
    return HttpResponseRedirect(own_page(request, request.POST.get("next", "")) or reverse("home"))
