"""Scheduled Process: until the schedule comes with delivery, which profiles it will take."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cersgroups.actions.profile import visible_profiles
from cersgroups.web.access import PageRequest, page
from cersgroups.web.label import SUPPORT_LABELS, year_label


@require_GET
@page("make_extract", tab="scheduled_process")
def scheduled_process(request: PageRequest) -> HttpResponse:
    """The profiles that say Include in Scheduled Process, as far as the person may see them."""
    marked = visible_profiles(request.at.actor).filter(include_in_scheduled_process=True).defer("content")
    rows = [
        {"profile": profile, "type": SUPPORT_LABELS[profile.type], "year": year_label(profile.school_year)}
        for profile in marked
    ]
    return render(request, "web/scheduled_process/scheduled_process.html", {"rows": rows})
