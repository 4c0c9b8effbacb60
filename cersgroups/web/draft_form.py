"""The form of Extract Configuration Options: all fields of all types; a page shows those of the draft's type."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse

from cersgroups.actions.options import schools_without_primary_classes, support
from cersgroups.core.profile import FILTERS_BY_TYPE, NAME_PATTERNS, TYPES
from cersgroups.records.draft import Draft
from cersgroups.web.access import At
from cersgroups.web.choice import LISTS, ROLES, SUBJECTS, TYPE_HINTS, listed, pattern_examples
from cersgroups.web.choice_widget import Choices, ReasonedChoice
from cersgroups.web.filter_list import FilterListField
from cersgroups.web.label import SUPPORT_LABELS, year_label

MOST_STUDENTS = 2_000_000
"""Characters of a pasted list: more than any LEA's students."""

_COMMON = ("subject", "type", "include_in_scheduled_process", "additional", "name", "school_year")
_OF_TYPE: dict[str, tuple[str, ...]] = {
    "": (),
    "classes": ("name_pattern", "primary_classes_only", *FILTERS_BY_TYPE["classes"], "all_teachers", "class_roles"),
    "elementary_teacher": FILTERS_BY_TYPE["elementary_teacher"],
    "grade": FILTERS_BY_TYPE["grade"],
    "counselor": FILTERS_BY_TYPE["counselor"],
    "student_group": (*FILTERS_BY_TYPE["student_group"], "group_staff"),
    "student_list": ("list_name", "students"),
}

_NEEDED = forms.TextInput(attrs={"aria-required": "true"})  # to save, not to keep the draft


class DraftForm(forms.Form):
    """Everything may be left blank: a draft is kept as it is, and faults_of (draft_content.py) says what is missing."""

    subject = forms.ChoiceField(
        label="Subject Area",
        required=False,
        widget=ReasonedChoice(inline=True),
        choices=list(SUBJECTS.items()),
        help_text="The subject in CERS that the groups are for.",
    )
    type = forms.ChoiceField(
        label="Type",
        required=False,
        widget=ReasonedChoice(),
        choices=[(value, SUPPORT_LABELS[value]) for value in TYPES],
    )
    name_pattern = forms.ChoiceField(
        label="Group Name Pattern",
        required=False,
        widget=ReasonedChoice(),
        choices=[(value, SUPPORT_LABELS[value]) for value in NAME_PATTERNS],
        help_text="The name begins with the school's number. A group holds at most 200 students; "
        "the number at the end counts up.",
    )
    primary_classes_only = forms.BooleanField(label="Include only Primary Classes", required=False)
    class_roles = forms.MultipleChoiceField(
        label="Staff of the classes who get access",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(ROLES.items()),
    )
    group_staff = forms.BooleanField(label="Staff of the student group get access", required=False)
    all_teachers = forms.BooleanField(
        label="Show all teachers", required=False, help_text="Also those who teach none of the courses chosen above."
    )
    list_name = forms.CharField(
        label="Name of the list", required=False, max_length=255, help_text="It names the groups.", widget=_NEEDED
    )
    students = forms.CharField(
        label="Students",
        required=False,
        max_length=MOST_STUDENTS,
        widget=forms.Textarea(attrs={"aria-required": "true", "rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text="SSIDs or local IDs, one per line or separated by commas. A table with a header is understood too.",
    )
    include_in_scheduled_process = forms.BooleanField(
        label="Include in Scheduled Process",
        required=False,
        help_text="Its groups are made on the scheduled days, and uploaded to CERS if that is switched on there.",
    )
    school_year = forms.TypedChoiceField(label="School year", required=False, coerce=int, empty_value=None)
    name = forms.CharField(label="Profile name", required=False, max_length=255, widget=_NEEDED)

    def __init__(self, at: At, draft: Draft, data: QueryDict | None = None) -> None:
        self.at, self.draft = at, draft
        super().__init__(data, initial=draft.content)
        for name, text in LISTS.items():
            url = reverse("draft_entries", args=[draft.pk, name])
            self.fields[name] = FilterListField(
                label=text.label,
                plural=text.plural,
                options_url=url,
                depends=text.depends,
                match=text.match,
                help_text=text.help_text,
            )
        year: Any = self.fields["school_year"]
        year.choices = [(y, year_label(y)) for y in self._years()]

    def _years(self) -> list[int]:
        years = {self.draft.content.get("school_year"), self.at.lea.school_year} - {None}
        return sorted(years)

    @property
    def other_year(self) -> bool:
        """Whether the profile is of another school year than the roster."""
        return len(self._years()) > 1

    def changes(self) -> dict[str, Any]:
        """What the person has just set: the fields that were on the page (it says for which type it was `shown`).

        Raises nothing for a blank field; call `is_valid` before.
        """
        shown = self.data.get("shown", "")
        names = [*_COMMON, *_OF_TYPE.get(shown, ())]
        found = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        if self.draft.content["school_year"] is None:  # begun before there was a roster
            found["school_year"] = self.at.lea.school_year
        elif "school_year" not in self.data:
            found.pop("school_year", None)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def shown_form(at: At, draft: Draft) -> DraftForm:
    """The draft's form to be shown: lists filled for its type, and what the roster cannot support says why.

    In the LEA's scope. Raises RequestStop without a roster.
    """
    form = DraftForm(at, draft)
    content = draft.content
    can = support(at.actor)
    _explain(form, "type", TYPE_HINTS, {feature.name: feature.lacks for feature in can.types})
    examples = pattern_examples(at.lea)
    _explain(form, "name_pattern", examples, {feature.name: feature.lacks for feature in can.name_patterns})
    lacks = {feature.name: feature.lacks for feature in can.filters}
    _explain_primary_classes(form, lacks["primary_classes_only"])
    for name in (*FILTERS_BY_TYPE.get(content["type"], ()), "additional"):
        field: Any = form.fields[name]
        lacking = "" if name == "teachers" else lacks[name]
        field.lacks = lacking and f"The roster has no {lacking}, so there is nothing to choose."
        field.shown = not lacking or bool(content[name])
        found = listed(at.actor, name, content)
        field.begin_with(found.beginning(), len(found))
    return form


def _explain(form: DraftForm, name: str, hints: Mapping[str, str], lacks: Mapping[str, str]) -> None:
    widget: Any = form.fields[name].widget
    widget.notes = Choices(
        hints=hints,
        reasons={value: f"The roster has no {lacking}." for value, lacking in lacks.items() if lacking},
    )


def _explain_primary_classes(form: DraftForm, lacking: str) -> None:
    """Where it can work (features D4); a profile that has it on can always switch it off."""
    field, at = form.fields["primary_classes_only"], form.at
    reason = f"The roster has no {lacking}." if lacking else ""
    if at.school is not None and not at.school.tracks_primary_classes:
        reason = f"{at.school} does not track primary classes."
    if reason:
        field.help_text = f"Not available: {reason}"
        field.disabled = not form.draft.content["primary_classes_only"]
        return
    without = schools_without_primary_classes(at.actor, form.draft.content["schools"])
    if without:
        names = ", ".join(without[:3]) + (f" and {len(without) - 3:,} more" if len(without) > 3 else "")
        field.help_text = (
            f"Not tracked at {names}: choose a department, subject area, course or teacher as well, "
            f"or the extract has no data."
        )
    else:
        field.help_text = "Sections that are marked as primary classes."
