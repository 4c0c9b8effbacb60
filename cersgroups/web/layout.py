"""What every page shows around its content: the tabs, in the model system's order and with its names, then ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from cersgroups.core.permission import DeedName
from cersgroups.web.access import At, PageRequest, page


@dataclass(frozen=True)
class Tab:
    """`name` is the tab's name in `page(tab=...)` and of its URL; only who may do `deed` sees it."""

    name: str
    label: str
    deed: DeedName

    @property
    def url(self) -> str:
        """Blank while there is no such page."""
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""


TABS = (
    Tab("profiles", "Profiles", "see_profile"),
    Tab("school_selection", "School Selection", "change_profile"),
    Tab("extract_options", "Extract Configuration Options", "change_profile"),
    Tab("create_files", "Select Profiles & Create Files", "make_extract"),
    Tab("scheduled_process", "Scheduled Process", "see_schedule"),
    Tab("extracted_files", "Extracted Files", "read_findings"),
    Tab("uploads", "Uploads", "see_upload"),
)
MORE_TABS = (
    Tab("roster", "Roster", "see_roster"),
    Tab("people", "People", "manage_people"),
    Tab("audit_log", "Audit Log", "read_audit_log"),
    Tab("settings", "Settings", "change_settings"),
)


def layout(request: HttpRequest) -> dict[str, Any]:
    """For all templates: `at` (None unless the page is at an LEA), `tabs`, `more_tabs`, `tab` (the current name)."""
    at: At | None = getattr(request, "at", None)
    return {
        "at": at,
        "tab": getattr(request, "tab", ""),
        "tabs": list(_shown(TABS, at)),
        "more_tabs": list(_shown(MORE_TABS, at)),
    }


def _shown(tabs: tuple[Tab, ...], at: At | None) -> Iterator[Tab]:
    if at is not None:
        yield from (tab for tab in tabs if tab.url and at.can(tab.deed))


@require_safe
@page()
def home(request: PageRequest) -> HttpResponse:
    """The first page that the person may see."""
    for tab in (*_shown(TABS, request.at), *_shown(MORE_TABS, request.at)):
        return redirect(tab.url)
    return render(request, "web/home.html")
