"""The page behind the one-time link that `cersgroups serve` prints: makes an LEA with its first admin."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cersgroups.actions.first_admin import check_link, claim_lea, create_first_admin
from cersgroups.core.error import NotThere, RequestStop
from cersgroups.core.password import SHORTEST


class LeaForm(forms.Form):
    """For a person who is signed in already."""

    lea_name = forms.CharField(
        label="Name of the LEA", max_length=255, help_text="The district, county office or charter that you serve."
    )


class FirstAdminForm(LeaForm):
    """For somebody without an account."""

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


@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    """Raises NotThere (404) for a link that is unknown, used or too old."""
    check_link(token)
    form_type = LeaForm if request.user.is_authenticated else FirstAdminForm
    form = form_type(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, token, form.cleaned_data)
        except NotThere:
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
    return render(request, "web/first_admin.html", {"form": form})


def _made(request: HttpRequest, token: str, answers: dict[str, Any]) -> HttpResponse:
    ip = get_adapter(request).get_client_ip(request)
    if request.user.is_authenticated:
        lea = claim_lea(token, request.user, answers["lea_name"], ip)
    else:
        person, lea = create_first_admin(
            token,
            email=answers["email"],
            name=answers["name"],
            password=answers["password"],
            lea_name=answers["lea_name"],
            ip=ip,
        )
        perform_login(request, person)
    messages.success(request, f"{lea.name} is ready, and you are its admin. Bring in a roster next.")
    return redirect("home")
