"""The form of the tab School Selection."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from cersgroups.actions.school import visible_schools
from cersgroups.records.draft import Draft
from cersgroups.records.school import School
from cersgroups.web.access import At
from cersgroups.web.filter_list import Entry, FilterListField


class SchoolForm(forms.Form):
    """`active_only` rules what is offered, never what is chosen (features C2); it is not kept."""

    active_only = forms.BooleanField(label="Show active schools only", required=False, initial=True)

    def __init__(self, at: At, draft: Draft, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"active_only": True, "schools": draft.content["schools"]})
        self.at, self.chosen = at, set(draft.content["schools"])
        field = FilterListField(
            label="Schools",
            plural="schools",
            options_url=reverse("draft_school_entries", args=[draft.pk]),
            depends=("active_only",),
        )
        self.fields["schools"] = field
        field.entries = self.offered() if data is None else ()

    def offered(self) -> list[Entry]:
        """The schools that the person may work at; chosen ones also when they are inactive."""
        values: dict[str, Any] = self.cleaned_data if self.is_bound else {"active_only": True, "schools": self.chosen}
        chosen = set(values["schools"])
        return [
            _entry(school)
            for school in visible_schools(self.at.actor)
            if school.active or not values["active_only"] or school.school_id in chosen
        ]


def _entry(school: School) -> Entry:
    detail = ["" if school.active else "inactive", school.number, school.cds_code]
    return Entry(school.school_id, school.name, ", ".join(filter(None, detail)))
