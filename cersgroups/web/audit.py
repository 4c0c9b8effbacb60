"""The Audit Log tab: who did what and who read students' data, newest first."""

from datetime import date, datetime, time, timedelta
from typing import Any, TextIO, cast

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cersgroups.actions.audit import actions_in_log, people_in_log, visible_entries, write_entries
from cersgroups.core.permission import Actor
from cersgroups.records.audit import AuditEntry
from cersgroups.web.access import PageRequest, page
from cersgroups.web.templatetags.audit import action_words

ON_A_PAGE = 50
_SYSTEM = "system"


class AuditFilterForm(forms.Form):
    """What narrows the log; days are days of the LEA, both included."""

    says_optional = False

    person = forms.ChoiceField(label="Person", required=False)
    action = forms.ChoiceField(label="Action", required=False)
    thing = forms.CharField(label="About", required=False, max_length=100)
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

    def narrowed(self, entries: "QuerySet[AuditEntry]") -> "QuerySet[AuditEntry]":
        """The entries that fit; what is wrong in the form narrows nothing, and is told."""
        chosen = self.cleaned_data if self.is_bound else {}
        if chosen.get("person"):
            entries = entries.filter(actor_email="" if chosen["person"] == _SYSTEM else chosen["person"])
        if chosen.get("action"):
            entries = entries.filter(action=chosen["action"])
        if chosen.get("thing"):
            entries = entries.filter(Q(object__icontains=chosen["thing"]) | Q(detail__icontains=chosen["thing"]))
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
    found = Paginator(form.narrowed(entries), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/audit/log.html", {"form": form, "entries": found, "filtered": form.has_changed()})


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


def _start(day: date) -> datetime:
    """Its first moment in the LEA's time zone, in which a page runs."""
    return timezone.make_aware(datetime.combine(day, time.min))
