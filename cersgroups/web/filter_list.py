"""The filter list: choose among up to tens of thousands of entries, by typing, by keyboard, all or none (features D10).

    schools = FilterListField(label="Schools", plural="schools")
    form.fields["schools"].entries = [Entry("994", "Screaming Eagle High School", "994")]

The form sends one field that holds a JSON list of the chosen values. Chosen values that are no longer offered stay
chosen and say so: they are never dropped in silence. Of a long list the page may hold the beginning (`begin_with`).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

MOST_CHOSEN = 100_000
WINDOW = 100
"""So many entries of a long list are in the page: more than is in view before the others have come."""


class Entry(NamedTuple):
    """One choice. `detail` is shown after the label and searched too; with a `reason` it cannot be newly chosen."""

    value: str
    label: str
    detail: str = ""
    reason: str = ""


def entries_text(entries: Sequence[Entry]) -> str:
    """What the page's script reads, without the brackets around the whole: `["E9", "English 9", "", ""], ...`."""
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":"))[1:-1]


class FilterListWidget(forms.Widget):
    """`options_url` and `depends` (names of fields): see scripts/filter-list.js; `match`: filter-list-model.js."""

    template_name = "web/partials/filter_list.html"
    use_fieldset = True

    def __init__(self, plural: str, missing: str, options_url: str, depends: tuple[str, ...], match: str = "") -> None:
        super().__init__()
        self.plural, self.missing, self.match = plural, missing, match
        self.options_url, self.depends = options_url, depends
        self.entries: Sequence[Entry] = ()
        self.total = 0

    def format_value(self, value: Any) -> str:
        """The chosen values as JSON; what a person sent is shown again as it was."""
        return value if isinstance(value, str) else json.dumps(list(value or ()))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return data.get(name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "plural": self.plural,
            "missing": self.missing,
            "described_by": context["widget"]["attrs"].get("aria-describedby", ""),
            "options_url": self.options_url,
            "depends": ",".join(self.depends),
            "match": self.match,
            "entries": self.entries,
            "total": self.total if self.total > len(self.entries) else None,
        }
        return context


class FilterListField(forms.Field):
    """Cleans to a tuple of the chosen values, each once, in the order chosen."""

    widget: FilterListWidget

    def __init__(
        self,
        *,
        plural: str,
        entries: Sequence[Entry] = (),
        missing: str = "no longer in the roster",
        options_url: str = "",
        depends: tuple[str, ...] = (),
        match: str = "",
        required: bool = False,
        **more: Any,
    ) -> None:
        self.plural = plural
        widget = FilterListWidget(plural, missing, options_url, depends, match)
        super().__init__(widget=widget, required=required, **more)
        self.entries = entries

    @property
    def entries(self) -> Sequence[Entry]:
        return self.widget.entries

    @entries.setter
    def entries(self, entries: Sequence[Entry]) -> None:
        self.widget.entries = entries

    def begin_with(self, entries: Sequence[Entry], total: int) -> None:
        """The page holds these only; its script asks the `options_url` for all of them."""
        self.widget.entries, self.widget.total = entries, total

    def to_python(self, value: Any) -> tuple[str, ...]:
        """Raises ValidationError for what the page's script cannot have sent."""
        if isinstance(value, (list, tuple)):
            chosen = list(value)
        else:
            try:
                chosen = json.loads(value or "[]")
            except (ValueError, RecursionError):
                chosen = None
        if not isinstance(chosen, list) or not all(isinstance(v, str) and _is_text(v) for v in chosen):
            raise ValidationError(f"The chosen {self.plural} did not arrive whole. Reload the page and choose again.")
        if len(chosen) > MOST_CHOSEN:
            raise ValidationError(f"More than {MOST_CHOSEN:,} {self.plural} are chosen. Choose fewer.")
        return tuple(dict.fromkeys(chosen))

    def validate(self, value: tuple[str, ...]) -> None:
        if self.required and not value:
            raise ValidationError(f"Choose at least one of the {self.plural}.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return set(initial or ()) != set(self.to_python(data))


def _is_text(value: str) -> bool:
    """Whether the database takes it: JSON can hold what no text has."""
    return "\0" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
