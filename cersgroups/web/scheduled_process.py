"""Scheduled Process (features G1 to G4): its settings, on and off, Run now, what is included and the history."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cersgroups.actions.profile import visible_profiles
from cersgroups.actions.scheduled_process import (
    disable_scheduled_process,
    find_scheduled_process,
    included_profiles,
    save_scheduled_process,
    why_no_upload,
)
from cersgroups.actions.scheduled_run import run_now, visible_runs
from cersgroups.core.error import PermissionRefused, RequestStop
from cersgroups.records.mail import installation_has_mail
from cersgroups.records.profile import Profile
from cersgroups.records.scheduled_process import ScheduledProcess
from cersgroups.web.access import At, PageRequest, page
from cersgroups.web.label import SUPPORT_LABELS, year_label
from cersgroups.web.roster_age import old_roster
from cersgroups.web.run_summary import summarize
from cersgroups.web.scheduled_process_form import ScheduledProcessForm

RUNS_ON_A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@page("see_schedule", tab="scheduled_process")
def scheduled_process(request: PageRequest) -> HttpResponse:
    """The page; sent with `do` save or enable (both save the settings), or disable."""
    at = request.at
    if request.POST.get("do") == "disable":
        disable_scheduled_process(at.actor)
        messages.success(request, "The scheduled process is disabled. Nothing runs automatically.")
        return redirect("scheduled_process")
    process = find_scheduled_process(at.actor)
    form = ScheduledProcessForm(at.lea, process, why_no_upload(at.lea), at.can("change_schedule"), request.POST or None)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        return redirect("scheduled_process")
    status = 400 if form.is_bound else 200
    context = {"form": form, **_context(at, process), **_history(request)}
    return render(request, "web/scheduled_process/scheduled_process.html", context, status=status)


@require_POST
@page("change_schedule", tab="scheduled_process")
def run_scheduled_process(request: PageRequest) -> HttpResponse:
    """Run now."""
    try:
        run_now(request.at.actor)
    except PermissionRefused:
        raise
    except RequestStop as stop:
        messages.error(request, str(stop))
    else:
        messages.success(
            request,
            "The run has started. You can leave this page; the result will be listed under Runs and sent by e-mail.",
        )
    return redirect("scheduled_process")


def _save(request: PageRequest, form: ScheduledProcessForm) -> bool:
    """Whether it was saved; else the form says why not."""
    sent = form.cleaned_data
    enable = True if request.POST.get("do") == "enable" else None
    try:
        process = save_scheduled_process(
            request.at.actor,
            days=sent["days"],
            at=sent["time"],
            emails=form.addresses(),
            upload=sent["upload"],
            enable=enable,
        )
    except PermissionRefused:
        raise
    except RequestStop as stop:
        form.add_error(None, str(stop))
        return False
    done = "The scheduled process is enabled, and its settings are saved." if enable else "The settings are saved."
    off = "" if process.enabled else " The scheduled process is still disabled."
    messages.success(request, f"{done}{off}")
    return True


def _context(at: At, process: ScheduledProcess | None) -> dict[str, Any]:
    schedule = process.schedule(at.lea) if process and process.enabled else None
    included, others = included_profiles(at.lea)
    visible = visible_profiles(at.actor).defer("content")
    rows = [_row(profile) for profile in visible.filter(pk__in=included)]
    return {
        "process": process,
        "next": schedule.next(at.lea.now()) if schedule else None,
        "may_change": at.can("change_schedule"),
        "has_mail": installation_has_mail(),
        "rows": rows,
        "left_out": [_row(profile) for profile in visible.filter(pk__in=others)],
        "others_count": included.count() - len(rows),
        **old_roster(at),
    }


def _row(profile: Profile) -> dict[str, object]:
    return {"profile": profile, "type": SUPPORT_LABELS[profile.type], "year": year_label(profile.school_year)}


def _history(request: PageRequest) -> dict[str, Any]:
    shown = Paginator(visible_runs(request.at.actor), RUNS_ON_A_PAGE).get_page(request.GET.get("page"))
    runs = [summarize(request.at, run) for run in shown]
    return {"runs": runs, "page": shown, "moving": any(run.moving for run in runs)}
