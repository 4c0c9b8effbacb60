"""What CERS holds: the groups of the current ledger, and retiring those that nobody gives any more (features E8)."""

from typing import TextIO, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cersgroups.actions.ledger import find_held_groups, find_held_users, retirable, write_access
from cersgroups.actions.upload import retire_groups
from cersgroups.core.error import NotThere, PermissionRefused, RequestStop
from cersgroups.web.access import PageRequest, page
from cersgroups.web.label import year_label
from cersgroups.web.number import first_of_page, whole_number
from cersgroups.web.school import names_by_cds

ON_A_PAGE = 100


@require_GET
@page("retire_groups", tab="uploads")
def ledger(request: PageRequest) -> HttpResponse:
    """All groups that were ever sent, those of the last year first; `?filter=` a part of a name or CDS code."""
    actor, typed = request.at.actor, request.GET.get("filter", "").strip()
    number = request.GET.get("page", "1")
    held = find_held_groups(actor, typed, first_of_page(number, ON_A_PAGE), ON_A_PAGE)
    could = retirable(actor)
    shown = Paginator(range(held.count), ON_A_PAGE).get_page(number)
    context = {
        "page": shown,
        "held": held,
        "typed": typed,
        "groups": [{"group": group, "year": year_label(group.school_year)} for group in held.groups],
        "retirable": [(year, year_label(year), count) for year, count in could.years.items()],
        "of_deleted": could.of_deleted_profiles,
        "schools": names_by_cds(request.at.lea),
    }
    return render(request, "web/ledger/ledger.html", context)


@require_GET
@page("retire_groups", tab="uploads")
def held_users(request: PageRequest) -> HttpResponse:
    """Who sees what in CERS; `?filter=` a part of an e-mail address, of one user their groups too."""
    typed, number = request.GET.get("filter", "").strip(), request.GET.get("page", "1")
    held = find_held_users(request.at.actor, typed, first_of_page(number, ON_A_PAGE), ON_A_PAGE)
    context = {
        "page": Paginator(range(held.count), ON_A_PAGE).get_page(number),
        "held": held,
        "typed": typed,
        "groups": [{"group": group, "year": year_label(group.school_year)} for group in held.groups],
        "schools": names_by_cds(request.at.lea),
    }
    return render(request, "web/ledger/users.html", context)


@require_GET
@page("retire_groups", tab="uploads")
def held_users_csv(request: PageRequest) -> HttpResponse:
    """Each user with each of their groups, for a spreadsheet."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="who-sees-which-group.csv"'
    write_access(request.at.actor, cast(TextIO, response))
    return response


@require_POST
@page("retire_groups")
def retire(request: PageRequest) -> HttpResponse:
    """Prepare the upload that empties them (`school_year`, or those of deleted profiles); a person sees it first."""
    year = request.POST.get("school_year", "")
    try:
        made = retire_groups(request.at.actor, _year(year) if year else None)
    except (NotThere, PermissionRefused):
        raise
    except RequestStop as stop:
        messages.error(request, str(stop))
        return redirect("ledger")
    return redirect("upload", made.pk)


def _year(text: str) -> int:
    """Never none: that would empty other groups than those of the year that was meant."""
    year = whole_number(text, 4)
    if year is None or year < 1000:
        raise RequestStop("The school year did not arrive whole. Reload the page and choose it again.")
    return year
