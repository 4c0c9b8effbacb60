"""The fields of every form that says on which days, and when, something happens by itself."""

from django import forms

from cersgroups.core.schedule import DAY_NAMES


def days_field(label: str, *, required: bool = False) -> forms.TypedMultipleChoiceField:
    """Days of the week by number (core/schedule.py); not `required`: the action says when one is needed."""
    return forms.TypedMultipleChoiceField(
        label=label,
        choices=list(enumerate(DAY_NAMES)),
        coerce=int,
        required=required,
        error_messages={"required": "Choose at least one day of the week."},
        widget=forms.CheckboxSelectMultiple,
    )


def time_field(messages: dict[str, str], *, required: bool = True) -> forms.TimeField:
    """A time of day by the LEA's clock; `messages` by Django's codes of faults."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label="Time", required=required, widget=widget, error_messages=messages)
