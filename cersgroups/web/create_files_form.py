"""The form of Select Profiles & Create Files."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cersgroups.web.filter_list import Entry, FilterListField


class CreateFilesForm(forms.Form):
    """`entries`: the profiles that the person may choose; `start`: what the form holds when it is opened.

    Without `uploads` (they are switched off) the option to upload is not there.
    """

    profiles = FilterListField(
        label="Select Profiles to Extract",
        plural="profiles",
        missing="is no longer there",
        required=True,
    )
    consolidate = forms.BooleanField(
        label="Consolidate selected profiles into one file",
        required=False,
        help_text="If unchecked, each profile gets its own file. If two files name the same student group, the one "
        "that is uploaded last overwrites the group in CERS. One consolidated file merges such groups.",
    )
    upload = forms.BooleanField(
        label="Upload Extracted Files to TOMS via API",
        required=False,
        help_text="As soon as they are ready. If that removes too much from CERS, you are asked first; what is "
        "added is never asked about.",
    )
    as_of = forms.DateField(
        label="As-of date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Sections, enrollments and staff count as they are on this day. Usually today.",
        error_messages={"required": "Enter a day.", "invalid": "Enter a day as month, day and year."},
    )

    def __init__(self, data: Any, *, entries: Sequence[Entry], start: Mapping[str, Any], uploads: bool) -> None:
        super().__init__(data, initial=dict(start))
        if not uploads:
            del self.fields["upload"]
        self._known = {entry.value for entry in entries}
        field = self.fields["profiles"]
        assert isinstance(field, FilterListField)  # noqa: S101 - declared above
        field.entries = entries

    def clean_profiles(self) -> tuple[str, ...]:
        """Raises ValidationError for profiles that were deleted, or handed over, since the page was shown."""
        chosen: tuple[str, ...] = self.cleaned_data["profiles"]
        gone = len(set(chosen) - self._known)
        if gone:
            are = "profile is" if gone == 1 else "profiles are"
            raise ValidationError(f"{gone:,} chosen {are} no longer there. Choose again.")
        return chosen
