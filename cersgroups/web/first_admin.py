"""The page behind the one-time link that `cersgroups serve` prints: makes an LEA with its first admin.

One that `cersgroups first-admin --lea` prints makes an admin of that LEA.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cersgroups.actions.first_admin import claim_lea, create_first_admin, lea_of_link
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.core.password import SHORTEST


class LeaForm(forms.Form):
    """For a new LEA, and a person who is signed in already."""

    lea_name = forms.CharField(
        label="Name of the LEA", max_length=255, help_text="The district, county office or charter that you serve."
    )


class AccountForm(forms.Form):
    """For somebody without an account, and an LEA that is there."""

    name = forms.CharField(label="Your name", max_length=255, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label="Your e-mail", max_length=254)
    password = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=f"At least {SHORTEST} characters, and not the name of the LEA.",
    )
    password_again = forms.CharField(
        label="Password again", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") != cleaned.get("password_again"):
            self.add_error("password_again", "The two passwords differ. Type the same one twice.")
        return cleaned


class FirstAdminForm(AccountForm, LeaForm):
    """For somebody without an account, and a new LEA."""


@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    """Raises NotThere (404) for a link that is unknown, used or too old."""
    lea = lea_of_link(token)
    form = _form_type(request, of_lea=lea is not None)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, token, form.cleaned_data)
        except NotThere:
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
    return render(request, "web/first_admin.html", {"form": form, "lea": lea})


def _form_type(request: HttpRequest, *, of_lea: bool) -> type[forms.Form]:
    if request.user.is_authenticated:
        return forms.Form if of_lea else LeaForm
    return AccountForm if of_lea else FirstAdminForm


def _made(request: HttpRequest, token: str, answers: dict[str, Any]) -> HttpResponse:
    ip = get_adapter(request).get_client_ip(request)
    if request.user.is_authenticated:
        lea = claim_lea(token, request.user, answers.get("lea_name", ""), ip)
    else:
        person, lea = create_first_admin(
            token,
            email=answers["email"],
            name=answers["name"],
            password=answers["password"],
            lea_name=answers.get("lea_name", ""),
            ip=ip,
        )
        perform_login(request, person)
    roster = "" if lea.current_snapshot_id else " Bring in a roster next."
    messages.success(request, f"{lea.name} is ready, and you are its admin.{roster}")
    return redirect("home")
