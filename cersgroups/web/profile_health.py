"""Check Profiles (features B5): what to clean up before files are uploaded, with one click for each."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cersgroups.actions import profile_health as action
from cersgroups.core.error import EditConflict, NotThere, PermissionRefused, RequestStop
from cersgroups.web.access import PageRequest, page
from cersgroups.web.label import SUPPORT_LABELS, year_label
from cersgroups.web.number import whole_number

ON_A_PAGE = 40
_SHOWN = 5


@require_GET
@page("see_profile", tab="profiles")
def profile_health(request: PageRequest) -> HttpResponse:
    """The profiles with something wrong, a page of them at a time, and how many are well."""
    try:
        found = action.ask_health(request.at.actor)
    except (NotThere, PermissionRefused):
        raise
    except RequestStop as stop:
        return render(request, _part(request), {"stop": str(stop)})
    if found is None:
        return render(request, _part(request), {"waiting": True})
    unwell = [health for health in found if not health.healthy]
    shown = Paginator(unwell, ON_A_PAGE).get_page(request.GET.get("page", "1"))
    students = {health.profile.pk: len(health.missing["students"]) for health in shown if "students" in health.missing}
    action.note_gone_students(request.at.actor, students)
    rows = [_row(health) for health in shown]
    context = {
        "page": shown,
        "rows": rows,
        "unwell": len(unwell),
        "count": len(found),
        "well": len(found) - len(unwell),
    }
    return render(request, _part(request), context)


def _part(request: PageRequest) -> str:
    """Asked by the page itself, which waits for what is found: only that."""
    return f"web/profile_health/{'found' if 'HX-Request' in request.headers else 'health'}.html"


@require_POST
@page("change_profile")
def roll_forward(request: PageRequest, pk: int) -> HttpResponse:
    """Carry the profile over to the roster's year."""
    version = request.POST.get("version", "")
    try:
        rolled, missing = action.roll_profile_forward(request.at.actor, pk, whole_number(version, 9) or 0)
    except (NotThere, PermissionRefused):
        raise
    except (RequestStop, EditConflict) as stop:
        messages.error(request, str(stop))
    else:
        dropped = "; ".join(f"{_name(name)}: {_dropped(name, values)}" for name, values in missing.items())
        lost = f" Left out because they are not in the roster: {dropped}." if dropped else ""
        messages.success(request, f"“{rolled.name}” is now for {year_label(rolled.school_year)}.{lost}")
    return redirect("profile_health")


def _row(health: action.Health) -> dict[str, object]:
    return {
        "health": health,
        "profile": health.profile,
        "year": year_label(health.profile.school_year),
        "duplicates": [str(other) for other in health.duplicates],
        "missing": [
            (_name(name), _some(values), len(values), name in health.gone) for name, values in health.missing.items()
        ],
        "delete_dialog": f"delete-{health.profile.pk}",
    }


def _name(of_list: str) -> str:
    return {"schools": "Schools", "students": "Students"}.get(of_list) or SUPPORT_LABELS[of_list]


def _dropped(name: str, values: tuple[str, ...]) -> str:
    """For a message, which travels in a cookie: of students the number only."""
    if name != "students":
        return _some(values)
    return f"{len(values):,}, whom this page named before"


def _some(values: tuple[str, ...]) -> str:
    more = f" and {len(values) - _SHOWN:,} more" if len(values) > _SHOWN else ""
    return ", ".join(values[:_SHOWN]) + more
