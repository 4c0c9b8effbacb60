"""The form of a credential for CERS."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from cersgroups.actions.credential import LIFE_DAYS, Entry
from cersgroups.records.credential import Credential
from cersgroups.web.filter_list import Entry as ListEntry
from cersgroups.web.filter_list import FilterListField

_KINDS = {
    "password": "User name and password",
    "okta": "User name and password, in Okta's form",
    "client": "Client ID and client secret only",
}
TOKEN_URL = "https://caaspp-aws.ets.org/api/v1/token"  # noqa: S105 - an address
IMPORT_URL = "https://groups.import.smarterbalanced.org"
_HIDDEN = forms.PasswordInput(attrs={"autocomplete": "new-password"})
_NEEDED = forms.TextInput(attrs={"aria-required": "true"})  # where CERS knows one by name


class CredentialForm(forms.Form):
    """`record` None: a new one. Secrets are never shown: left blank, the stored ones stay."""

    name = forms.CharField(label="Name", max_length=255, help_text="For the list here, such as the LEA's name.")
    whole_lea = forms.BooleanField(
        label="For the whole LEA",
        required=False,
        initial=True,
        help_text="Uncheck it where CERS gave a school a credential of its own, and choose the schools.",
    )
    schools = FilterListField(label="Schools", plural="schools", missing="is not in the roster", required=False)
    kind = forms.ChoiceField(label="How CERS knows you", choices=list(_KINDS.items()), widget=forms.RadioSelect)
    username = forms.CharField(label="User name", max_length=255, required=False, widget=_NEEDED)
    password = forms.CharField(label="Password", widget=_HIDDEN, required=False, strip=False)
    client_id = forms.CharField(label="Client ID", max_length=255)
    client_secret = forms.CharField(label="Client secret", widget=_HIDDEN, required=False, strip=False)
    token_url = forms.CharField(label="Address for tokens", max_length=1000, initial=TOKEN_URL)
    import_url = forms.CharField(label="Address for imports", max_length=1000, initial=IMPORT_URL)
    expires_on = forms.DateField(
        label="Last day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="A credential is valid for 365 days. E-mails remind your admins before it ends.",
    )

    def __init__(self, data: Any, *, record: Credential | None, schools: Sequence[ListEntry], today: date) -> None:
        super().__init__(data, initial=_initial(record, today))
        field = self.fields["schools"]
        assert isinstance(field, FilterListField)  # noqa: S101 - declared above
        field.entries = schools
        for name in ("password", "client_secret"):
            if record:
                self.fields[name].help_text = "Stored. Leave it blank to keep it."
            else:
                self.fields[name].widget.attrs["aria-required"] = "true"

    def entry(self) -> Entry:
        sent = self.cleaned_data
        values = {name: sent[name] for name in Entry.__dataclass_fields__ if name != "school_ids"}
        return Entry(**values, school_ids=None if sent["whole_lea"] else sent["schools"])


def _initial(record: Credential | None, today: date) -> dict[str, Any]:
    if record is None:
        return {"kind": "password", "expires_on": today + timedelta(days=LIFE_DAYS)}
    names = ("name", "kind", "username", "client_id", "token_url", "import_url", "expires_on")
    return {
        **{name: getattr(record, name) for name in names},
        "whole_lea": record.school_ids is None,
        "schools": record.school_ids or [],
    }
