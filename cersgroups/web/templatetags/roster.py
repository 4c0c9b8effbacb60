"""Filters for the pages of rosters: {{ 2027|school_year }}, {{ 0.4|percent }}, {{ -3.2|signed_percent }}."""

from collections.abc import Mapping

from django import template

from cersgroups.web.label import year_label
from cersgroups.web.sync_summary import asked_by

register = template.Library()

register.filter("school_year", year_label)
register.filter("asked_by", asked_by)


@register.filter
def kind_label(kind: str) -> str:
    """The kind of source as people write it."""
    return kind.replace("oneroster", "OneRoster")


@register.filter
def percent(share: float) -> int:
    """A share from 0 to 1 as a whole percentage."""
    return round(100 * share)


@register.filter
def signed_percent(change: float) -> str:
    """A change in percent with its sign: +3.2%, −0.4%, no change."""
    if round(change, 1) == 0:
        return "no change" if change == 0 else "less than 0.1%"
    sign = "+" if change > 0 else "\N{MINUS SIGN}"
    return f"{sign}{abs(change):,.1f}%"


@register.filter
def school_name(cds: str, names: Mapping[str, str]) -> str:
    """The school's name (web/school.py); blank where the current roster does not have the code."""
    return names.get(cds, "")
