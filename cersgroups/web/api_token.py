"""API tokens: a person's own, for programs that act for them; an admin sees and revokes everybody's of the LEA."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cersgroups.actions.api_token import create_token, revoke_token, visible_tokens
from cersgroups.core.api_token import SCOPES
from cersgroups.core.error import PermissionRefused, RequestStop
from cersgroups.records.api_token import ApiToken
from cersgroups.web.access import PageRequest, page

_DAYS = {30: "30 days", 90: "90 days", 365: "One year"}
_USUAL_DAYS = 90
SCOPE_LABELS = {name: f"{name.capitalize()}: {scope.does}" for name, scope in SCOPES.items()}


class ApiTokenForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="What will use it, such as “Nightly roster”.",
        error_messages={"required": "Enter a name."},
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=list(SCOPE_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one permission."},
    )
    days = forms.TypedChoiceField(label="Expires after", choices=list(_DAYS.items()), coerce=int, initial=_USUAL_DAYS)


@require_http_methods(["GET", "POST"])
@page("manage_token")
def api_tokens(request: PageRequest) -> HttpResponse:
    """The list and the form. A new token is shown in the answer to the form, and never again."""
    form, text = ApiTokenForm(request.POST or None), ""
    if form.is_valid():
        try:
            _token, text = create_token(request.at.actor, **form.cleaned_data)
        except PermissionRefused:
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
        else:
            form = ApiTokenForm()
    now = timezone.now()
    context = {
        "form": form,
        "text": text,
        "rows": [_row(token, now) for token in visible_tokens(request.at.actor)],
        "everybodys": request.at.actor.level == "admin",
    }
    return render(request, "web/api_token/list.html", context, status=400 if form.errors else 200)


@require_POST
@page("manage_token")
def revoke_api_token(request: PageRequest, pk: int) -> HttpResponse:
    token = revoke_token(request.at.actor, pk)
    messages.success(request, f"The API token “{token.name}” is revoked and no longer works.")
    return redirect("api_tokens")


def _row(token: ApiToken, now: datetime) -> dict[str, Any]:
    return {"token": token, "key": str(token.pk), "lives": token.lives(now), "scopes": ", ".join(token.scopes)}
