"""Your LEAs: how each stands, for whoever looks after several, such as a county office; those in trouble first."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cersgroups.actions.lea_overview import own_overviews
from cersgroups.core.lea_overview import Concern, LeaOverview, concerns_of
from cersgroups.records.lea import Lea
from cersgroups.web.access import PageRequest, page
from cersgroups.web.run_summary import run_state
from cersgroups.web.state import State
from cersgroups.web.upload_summary import upload_state

ON_A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One LEA. `overview` is None where the person is no admin: then only that it is theirs is told.

    Each concern stands with the address of the page, in that LEA, on which something can be done about it.
    """

    lea: Lea
    overview: LeaOverview | None
    roster_age: int | None
    concerns: tuple[tuple[Concern, str], ...]

    @property
    def key(self) -> str:
        return str(self.lea.pk)

    @property
    def zone(self) -> ZoneInfo:
        return self.lea.zone

    @property
    def run(self) -> State | None:
        return run_state(self.overview.run_state) if self.overview and self.overview.run_state else None

    @property
    def upload(self) -> State | None:
        return upload_state(self.overview.upload_state) if self.overview and self.overview.upload_state else None


@require_GET
@page()
def leas(request: PageRequest) -> HttpResponse:
    """All that the person belongs to, or those whose names hold what is typed; asked by htmx, the table alone."""
    overviews = {overview.number: overview for overview in own_overviews(request.at.person)}
    typed, now = request.GET.get("filter", "").strip(), timezone.now()
    rows = [_row(lea, overviews.get(lea.pk), now) for lea in request.at.leas if typed.casefold() in lea.name.casefold()]
    found = Paginator(sorted(rows, key=_calm), ON_A_PAGE).get_page(request.GET.get("page"))
    concerned = sum(bool(row.concerns) for row in rows)
    well = sum(row.overview is not None for row in rows) - concerned
    context = {"page": found, "typed": typed, "concerned": concerned, "well": well}
    part = request.headers.get("HX-Target") == "lea-table"
    return render(request, "web/lea_overview/table.html" if part else "web/lea_overview/list.html", context)


def _row(lea: Lea, overview: LeaOverview | None, now: datetime) -> Row:
    if overview is None:
        return Row(lea, None, None, ())
    concerns = tuple((concern, _page_for(concern, overview)) for concern in concerns_of(overview, now))
    return Row(lea, overview, overview.roster_age(now), concerns)


def _calm(row: Row) -> int:
    """0 where something is wrong, 1 where it soon will be, 2 else; LEAs alike stay in the order of their names."""
    return min((0 if concern.verdict == "fault" else 1 for concern, _ in row.concerns), default=2)


def _page_for(concern: Concern, overview: LeaOverview) -> str:
    if concern.about == "upload" and overview.upload:
        return reverse("upload", args=(overview.upload,))
    if concern.about == "roster" and overview.newest_roster:
        return reverse("snapshot", args=(overview.newest_roster,))
    return reverse({"run": "scheduled_process", "credential": "credentials"}.get(concern.about, "roster"))
