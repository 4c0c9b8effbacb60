"""The forms of a source: what its kind asks for, and when it is synced by itself. Neither knows a kind by name."""

from typing import Any

from django import forms

from cersgroups.actions.source import ByItself, Entry, Kind
from cersgroups.core.schedule import DAY_NAMES
from cersgroups.records.lea import Lea
from cersgroups.records.source import Source
from cersgroups.web.schedule_field import days_field, time_field

_PREFIX = "setting-"
_LONGEST = 10_000


class SourceForm(forms.Form):
    """The name, and a field for each of the kind's. `record` None: a new source. Secrets are never shown."""

    def __init__(self, data: Any, *, kind: Kind, record: Source | None) -> None:
        super().__init__(data)
        self._kind = kind
        self.fields["name"] = forms.CharField(
            label="Name",
            max_length=255,
            initial=record.name if record else kind.label,
            help_text="For the lists here, such as Aeries.",
        )
        for one in kind.fields:
            self.fields[_PREFIX + one.name] = _field(one, record)

    def entry(self) -> Entry:
        """What was entered, as the action takes it."""
        sent = {one.name: self.cleaned_data[_PREFIX + one.name] for one in self._kind.fields}
        return Entry(self.cleaned_data["name"], self._kind.kind, sent)


def _field(one: Any, record: Source | None) -> forms.Field:
    """`one` is a field of the kind (sources/live.py)."""
    initial = record.settings.get(one.name, one.default) if record else one.default
    if one.choices:
        choices = [(choice, choice) for choice in one.choices]
        return forms.ChoiceField(
            label=one.label, help_text=one.help, choices=choices, required=one.required, initial=initial
        )
    if one.secret:
        hidden = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        text = "Stored. Leave it blank to keep it." if record else one.help
        needed = one.required and record is None
        return forms.CharField(
            label=one.label, help_text=text, widget=hidden, required=needed, strip=False, max_length=_LONGEST
        )
    widget = forms.Textarea(attrs={"rows": one.lines}) if one.lines > 1 else forms.TextInput()
    widget.attrs["autocomplete"] = "off"
    needed = one.required and not one.default
    return forms.CharField(
        label=one.label, help_text=one.help, widget=widget, required=needed, initial=initial, max_length=_LONGEST
    )


class ByItselfForm(forms.Form):
    """When the roster is fetched without anybody asking."""

    nightly = forms.BooleanField(label="Sync by schedule", required=False)
    days = days_field("Days")
    time = time_field({"invalid": "Enter a time as 2:30 AM."}, required=False)
    before_runs = forms.BooleanField(
        label="Sync before each run of the scheduled process",
        required=False,
        help_text="If that fails, the run goes on with the last good roster unless it is too old (Settings), and its "
        "e-mail says so.",
    )

    says_optional = False

    def __init__(self, lea: Lea, source: Source, data: Any = None) -> None:
        days = source.days if source.time else list(range(len(DAY_NAMES)))
        initial = {"nightly": source.nightly, "before_runs": source.before_runs, "days": days, "time": source.time}
        super().__init__(data, initial=initial)
        zone = lea.time_zone.replace("_", " ")
        self.fields["time"].help_text = f"By the clock of {zone}, the LEA’s time zone. Best at night, before the runs."

    def wanted(self) -> ByItself:
        sent = self.cleaned_data
        return ByItself(sent["nightly"], sent["days"], sent["time"], sent["before_runs"])
