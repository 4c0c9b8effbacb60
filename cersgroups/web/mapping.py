"""Where a OneRoster export keeps SSID, SEID and CDS code: places with counts, chosen from selects."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cersgroups.actions.mapping import read_places, write_places
from cersgroups.actions.snapshot import convert_again, find_snapshot, suggest_mapping
from cersgroups.core.error import PermissionRefused, Stop
from cersgroups.web.access import PageRequest, page

_COUNTED = "Find it by counting"
_END_DATES = (
    ("exclusive", "The day after the last one (as the specification says)"),
    ("inclusive", "The last day itself"),
)


class Count(Protocol):
    """A place with how many values it has and how many of them fit (sources/oneroster_place.py)."""

    @property
    def place(self) -> str: ...
    @property
    def filled(self) -> int: ...
    @property
    def fitting(self) -> int: ...
    @property
    def total(self) -> int: ...


class MappingForm(forms.Form):
    """A place for each field; blank lets the conversion find it."""

    says_optional = False

    ssid = forms.ChoiceField(
        label="SSID of students", required=False, help_text="The Statewide Student Identifier: 10 digits."
    )
    seid = forms.ChoiceField(
        label="SEID of staff",
        required=False,
        help_text="The Statewide Educator Identifier: 10 digits. Only the choice of additional users needs it.",
    )
    cds = forms.ChoiceField(
        label="CDS code of schools", required=False, help_text="County, district and school: 14 digits."
    )
    end_date = forms.ChoiceField(label="End dates in this export are", choices=_END_DATES)

    def __init__(self, counts: Mapping[str, Iterable[Count]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, found in counts.items():
            self._offer(name, found)

    def _offer(self, name: str, found: Iterable[Count]) -> None:
        offered = [(count.place, _told(count)) for count in found]
        chosen = (self.initial or {}).get(name)
        if chosen and chosen not in dict(offered):
            offered.append((chosen, f"{chosen}: no values"))
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _COUNTED), *offered]


@require_http_methods(["GET", "POST"])
@page("manage_roster", tab="roster")
def mapping(request: PageRequest, pk: int) -> HttpResponse:
    """Choose the places and convert again. A file that cannot even be inspected is told as a sentence."""
    record = find_snapshot(request.at.actor, pk)
    try:
        inspection = suggest_mapping(request.at.actor, pk)
    except PermissionRefused:
        raise
    except Stop as stop:
        return render(request, "web/roster/mapping.html", {"snapshot": record, "why_not": str(stop)})
    counts = {name: inspection.places.of(name) for name in ("ssid", "seid", "cds")}
    before = read_places(record.mapping)
    suggested = {**read_places(inspection.mapping), **{field: place for field, place in before.items() if place}}
    form = MappingForm(counts, request.POST or None, initial=suggested)
    if form.is_valid():
        places = {**form.cleaned_data, "school_number": before["school_number"]}
        converted = convert_again(request.at.actor, pk, write_places(places))
        messages.success(request, "The roster is converted again, with these places.")
        return redirect("snapshot", converted.pk)
    context = {"snapshot": record, "form": form, "inspection": inspection}
    return render(request, "web/roster/mapping.html", context)


def told_places(text: str) -> list[tuple[str, str]]:
    """Of a mapping's TOML text: each field as the form calls it, and its place; blank: found by counting."""
    places, fields = read_places(text), MappingForm.base_fields
    places["end_date"] = dict(_END_DATES)[places["end_date"]]
    return [(str(field.label), places[name]) for name, field in fields.items()]


def _told(count: Count) -> str:
    other = count.filled - count.fitting
    others = f", {other:,} {'other does' if other == 1 else 'others do'} not" if other else ""
    return f"{count.place}: {count.fitting:,} of {count.total:,} fit{others}"
