"""The form of the scheduled process, with the model system's names."""

import re
from typing import Any

from django import forms

from cersgroups.records.lea import Lea
from cersgroups.records.scheduled_process import ScheduledProcess
from cersgroups.web.schedule_field import days_field, time_field


class ScheduledProcessForm(forms.Form):
    """`may_change` False: it only shows. `no_upload` is why nothing can be uploaded, blank if it can."""

    days = days_field("Days to Run Process", required=True)
    time = time_field({"required": "Enter a time.", "invalid": "Enter a time as 10:30 PM."})
    emails = forms.CharField(
        label="Email Address",
        error_messages={"required": "Enter at least one e-mail address."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Who gets an e-mail after each run. Separate addresses with commas.",
    )
    upload = forms.BooleanField(label="Upload Extracted Files to TOMS via API", required=False)

    def __init__(
        self, lea: Lea, process: ScheduledProcess | None, no_upload: str, may_change: bool, data: Any = None
    ) -> None:
        super().__init__(data, initial=_initial(process) | ({"upload": False} if no_upload else {}))
        self.fields["time"].help_text = f"In your LEA’s time zone, {lea.time_zone.replace('_', ' ')}."
        self.fields["upload"].help_text = (
            no_upload or "Sends the file to CERS as soon as it is ready. The e-mail says whether CERS accepted it."
        )
        self.fields["upload"].disabled = bool(no_upload)
        if not may_change:
            for field in self.fields.values():
                field.disabled = True

    def addresses(self) -> list[str]:
        """What stands between commas, semicolons or spaces."""
        return [part for part in re.split(r"[,;\s]+", self.cleaned_data["emails"]) if part]


def _initial(process: ScheduledProcess | None) -> dict[str, Any]:
    if process is None:
        return {"days": [], "time": "", "upload": False}
    emails = ", ".join(process.emails)
    return {"days": process.days, "time": process.time, "emails": emails, "upload": process.upload}
