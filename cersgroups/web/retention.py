"""How long students' data are kept here: a page of the settings."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cersgroups.actions.retention import kept_days, save_retention
from cersgroups.core.retention import LEAST_DAYS, MOST_DAYS, Kept
from cersgroups.records.lea import Lea
from cersgroups.web.access import PageRequest, page

_LABELS: dict[Kept, tuple[str, str]] = {
    "extracts": ("Extracted files and what was uploaded", "Their pages stay, with counts and without students."),
    "rosters": ("Rosters", "The current one is kept, and each from which a kept file was made."),
    "ledgers": ("Earlier states of what CERS holds", "The current one always stays."),
    "audit": ("Entries of the audit log", "At least a year: the database deletes none that is younger."),
}


class RetentionForm(forms.Form):
    """Days by kind; blank: for ever."""

    says_optional = False

    def __init__(self, lea: Lea, data: Any = None) -> None:
        super().__init__(data, initial={str(kept): days for kept, days in kept_days(lea).items()})
        for kept, (label, told) in _LABELS.items():
            self.fields[kept] = forms.IntegerField(
                label=f"{label} (days)",
                required=False,
                min_value=LEAST_DAYS[kept],
                max_value=MOST_DAYS,
                help_text=told,
            )


@require_http_methods(["GET", "POST"])
@page("change_settings", tab="settings")
def retention(request: PageRequest) -> HttpResponse:
    """Show and change how long everything is kept."""
    form = RetentionForm(request.at.lea, request.POST or None)
    if form.is_valid():
        days: dict[Kept, int | None] = {kept: form.cleaned_data[kept] for kept in _LABELS}
        save_retention(request.at.actor, days, timezone.now())
        messages.success(request, "The settings are saved. Anything older is removed tonight.")
        return redirect("retention")
    return render(request, "web/settings/retention.html", {"form": form})
