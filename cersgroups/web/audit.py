"""The Audit Log tab: who did what and who read students' data, newest first."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any, TextIO, cast

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Window
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cersgroups.actions.audit import actions_in_log, people_in_log, visible_entries, write_entries
from cersgroups.core.permission import Actor
from cersgroups.records.audit import AuditEntry
from cersgroups.web.access import PageRequest, page
from cersgroups.web.audit_thing import things_of
from cersgroups.web.choice_widget import LongSelect
from cersgroups.web.number import first_of_page
from cersgroups.web.templatetags.audit import action_words

ON_A_PAGE = 50
_SYSTEM = "system"
_ADDRESS = re.compile(r"[0-9a-f]+[.:][0-9a-f.:]*", re.ASCII | re.IGNORECASE)
"""The beginning of an IP address at least."""


class AuditFilterForm(forms.Form):
    """What narrows the log; days are days of the LEA, both included."""

    says_optional = False

    person = forms.ChoiceField(label="Person", required=False, widget=LongSelect)
    action = forms.ChoiceField(label="Action", required=False, widget=LongSelect)
    thing = forms.CharField(label="About, or from where", required=False, max_length=100)
    first = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, actor: Actor, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = [("", "Everybody"), (_SYSTEM, "The system"), *((email, email) for email in people_in_log(actor))]
        done = sorted(actions_in_log(actor), key=action_words)
        actions = [("", "Every action"), *((action, action_words(action)) for action in done)]
        for name, choices in (("person", people), ("action", actions)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = choices

    @property
    def searches(self) -> bool:
        """Whether texts are searched, for which every entry must be read."""
        return self.is_bound and bool(self.cleaned_data.get("thing"))

    def narrowed(self, entries: "QuerySet[AuditEntry]") -> "QuerySet[AuditEntry]":
        """The entries that fit; what is wrong in the form narrows nothing, and is told."""
        chosen = self.cleaned_data if self.is_bound else {}
        if chosen.get("person"):
            entries = entries.filter(actor_email="" if chosen["person"] == _SYSTEM else chosen["person"])
        if chosen.get("action"):
            entries = entries.filter(action=chosen["action"])
        if chosen.get("thing"):
            entries = entries.filter(_holds(chosen["thing"]))
        if chosen.get("first"):
            entries = entries.filter(at__gte=_start(chosen["first"]))
        if chosen.get("last") and chosen["last"] < date.max:
            entries = entries.filter(at__lt=_start(chosen["last"] + timedelta(days=1)))
        return entries


@require_GET
@page("read_audit_log", tab="audit_log")
def audit_log(request: PageRequest) -> HttpResponse:
    """One page of the entries that fit the filter."""
    entries, form = _filtered(request)
    narrowed, number = form.narrowed(entries), request.GET.get("page", "1")
    found = _searched(narrowed, number) if form.searches else Paginator(narrowed, ON_A_PAGE).get_page(number)
    rows = list(zip(found, things_of(request.at.lea.pk, found), strict=True))
    context = {"form": form, "entries": found, "rows": rows, "filtered": form.has_changed()}
    return render(request, "web/audit/log.html", context)


@require_GET
@page("read_audit_log", tab="audit_log")
def audit_log_csv(request: PageRequest) -> HttpResponse:
    """All entries that fit the filter, for a spreadsheet."""
    entries, form = _filtered(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="audit-log-{timezone.localdate()}.csv"'
    write_entries(request.at.actor, form.narrowed(entries), cast(TextIO, response))
    return response


def _filtered(request: PageRequest) -> "tuple[QuerySet[AuditEntry], AuditFilterForm]":
    """All that may be seen, and the filter with what was chosen."""
    form = AuditFilterForm(request.at.actor, request.GET if request.GET else None)
    form.is_valid()
    return visible_entries(request.at.actor), form


def _searched(entries: "QuerySet[AuditEntry]", number: str) -> "Page[AuditEntry]":
    """The page of that number, with the entries counted in the same reading as they are found, not in one more."""
    start, paginator = first_of_page(number, ON_A_PAGE), Paginator(entries, ON_A_PAGE)
    found = entries.annotate(count=Window(Count("*"))).values_list("pk", "count")[start : start + ON_A_PAGE]
    keys = [key for key, paginator.count in found]
    if not keys and start == 0:
        paginator.count = 0
    page = paginator.get_page(number)
    if keys and page.start_index() == start + 1:
        page.object_list = AuditEntry.objects.filter(pk__in=keys)
    return page


def _holds(typed: str) -> Q:
    """The entry is about it, or came from an address that begins so: what else was done from there?"""
    about = Q(object__icontains=typed) | Q(detail__icontains=typed)
    return about | Q(ip__startswith=typed) if _ADDRESS.fullmatch(typed) else about


def _start(day: date) -> datetime:
    """Its first moment in the LEA's time zone, in which a page runs."""
    return timezone.make_aware(datetime.combine(day, time.min))
