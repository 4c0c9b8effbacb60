"""The Settings tab: the LEA's name, time zone and name style; and what this installation is."""

from typing import Any

from django import forms
from django.conf import settings as installation
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cersgroups import __version__
from cersgroups.actions.lea import change_settings
from cersgroups.core.error import PermissionRefused, RequestStop
from cersgroups.core.profile import NAME_STYLES
from cersgroups.records.lea import Lea
from cersgroups.web.access import PageRequest, page
from cersgroups.web.label import year_label

_TIME_ZONES = {
    "America/Los_Angeles": "Pacific (Los Angeles)",
    "America/Denver": "Mountain (Denver)",
    "America/Phoenix": "Arizona (Phoenix)",
    "America/Chicago": "Central (Chicago)",
    "America/New_York": "Eastern (New York)",
    "America/Anchorage": "Alaska (Anchorage)",
    "Pacific/Honolulu": "Hawaii (Honolulu)",
}
_NAME_STYLES: dict[str, str] = {
    "safe": "Safe: 994_Hopper-Grace_2_1",
    "readable": "Readable: 994 Hopper Grace 2 1",
}


class SettingsForm(forms.Form):
    name = forms.CharField(
        label="Name of the LEA", max_length=255, help_text="The district, county office or charter that you serve."
    )
    time_zone = forms.ChoiceField(
        label="Time zone", help_text="For every date and time here, and for the day for which a file is created."
    )
    name_style = forms.ChoiceField(
        label="Names of student groups",
        choices=[(style, _NAME_STYLES[style]) for style in NAME_STYLES],
        widget=forms.RadioSelect,
        help_text=(
            "Readable is for an LEA that continues student groups which another system named with spaces. Changing "
            "the style renames every group: CERS replaces groups by name, so those under the old names stay in CERS, "
            "with the access of their users, until they are retired."
        ),
    )
    uploads_enabled = forms.BooleanField(
        label="Upload Extracted Files to TOMS via API",
        required=False,
        help_text="Off: files are created here and uploaded by hand. On: they can be uploaded from here, once there "
        "is a credential. TOMS is how files reach CERS. Before the first upload the state requires a pilot, done by "
        "the person who runs this system.",
    )
    safety_percent = forms.IntegerField(
        label="Ask before an upload removes more than this share (percent)",
        min_value=0,
        max_value=100,
        help_text="Of the groups, students or users that CERS holds. A person must then approve it; the scheduled "
        "process uploads nothing and its e-mail says why. 0 asks whenever anything would be removed. "
        "Access that is added is never asked about.",
    )

    roster_percent = forms.IntegerField(
        label="Hold a fetched roster that lost more than this share (percent)",
        min_value=0,
        max_value=100,
        help_text="Of the schools, sections, students or staff of the current roster. The current one then stays in "
        "use, an e-mail says why, and an admin decides.",
    )
    roster_days = forms.IntegerField(
        label="A roster is old after this many days",
        min_value=0,
        max_value=366,
        help_text="Anybody who creates files from an older one is warned. If the roster cannot be fetched "
        "before a run of the scheduled process, the run uses the last one; if that is old, no file is created.",
    )

    def __init__(self, lea: Lea, data: Any = None) -> None:
        names = (
            "name",
            "time_zone",
            "name_style",
            "uploads_enabled",
            "safety_percent",
            "roster_percent",
            "roster_days",
        )
        super().__init__(data, initial={name: getattr(lea, name) for name in names})
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list({lea.time_zone: lea.time_zone, **_TIME_ZONES}.items())


@require_http_methods(["GET", "POST"])
@page("change_settings", tab="settings")
def settings(request: PageRequest) -> HttpResponse:
    """Show and change the settings of the LEA."""
    form = SettingsForm(request.at.lea, request.POST or None)
    if form.is_valid():
        try:
            change_settings(request.at.actor, **form.cleaned_data)
        except PermissionRefused:
            raise
        except RequestStop as stop:
            form.add_error(None, str(stop))
        else:
            messages.success(request, "The settings are saved.")
            return redirect("settings")
    context = {"form": form, "facts": _facts(request.at.lea), "may_credentials": request.at.can("manage_credentials")}
    return render(request, "web/settings/settings.html", context)


def _facts(lea: Lea) -> list[tuple[str, str]]:
    """What a person may have to tell whoever helps them."""
    providers = [app["name"] for app in installation.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]]
    return [
        ("Version", __version__),
        ("School year of the roster", year_label(lea.school_year)),
        ("LEA code", lea.lea_code or "– (no roster yet)"),
        ("Sign-in", ", ".join(["E-mail and password", *providers])),
        (
            "Mail is sent from",
            installation.DEFAULT_FROM_EMAIL
            if installation.EMAIL_HOST
            else "– (no mail server is set, so no mail is sent)",
        ),
        ("Largest roster upload", f"{installation.ROSTER_MAX_BYTES >> 20:,} MB"),
    ]
