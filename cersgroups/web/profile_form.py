"""Forms of the tab Profiles: handing one over, importing one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cersgroups.records.person import Person

MOST_BYTES = 2 * 1024**2


class HandOverForm(forms.Form):
    """`people`: who may own it."""

    person = forms.TypedChoiceField(label="New owner", coerce=int, error_messages={"required": "Choose a person."})

    def __init__(self, people: Sequence[Person], data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["person"]
        field.choices = [("", "Choose a person"), *((person.pk, _described(person)) for person in people)]


def _described(person: Person) -> str:
    return f"{person.name} ({person.email})" if person.name else person.email


class ImportForm(forms.Form):
    """Cleans to `text`; `source` is the file's name, for sentences."""

    file = forms.FileField(
        label="Profile file",
        widget=forms.ClearableFileInput(attrs={"accept": ".toml,application/toml,text/plain"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty. Choose another one."},
        help_text="A .toml file, as “Export” gives it.",
    )
    source = "profile"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if file := cleaned.get("file"):
            self.source = file.name
            cleaned["text"] = self._read(file)
        return cleaned

    def _read(self, file: Any) -> str:
        if file.size > MOST_BYTES:
            raise ValidationError({"file": "The file is too large to be a profile. Choose another one."})
        try:
            return str(file.read(), "utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError({"file": "The file is no text in UTF-8. Choose a .toml file."}) from None
