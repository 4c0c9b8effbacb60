"""Radio buttons with a line under each: what it means, or why it cannot be chosen; and selects of hundreds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Choices:
    """By value: a hint, and the reason why it cannot be newly chosen."""

    hints: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


class LongSelect(forms.Select):
    """What Django's select shows, without a template for each option: of hundreds they take as long as the page."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: object = None) -> SafeString:
        widget = context["widget"]
        options = format_html_join(
            "",
            "<option{}>{}</option>",
            (
                (flatatt({"value": option["value"], **option["attrs"]}), option["label"])
                for _name, group, _index in widget["optgroups"]
                for option in group
            ),
        )
        return format_html("<select{}>{}</select>", flatatt({"name": widget["name"], **widget["attrs"]}), options)


class ReasonedChoice(forms.widgets.ChoiceWidget):
    """`notes` are set for the page; a value that is chosen already stays enabled, so that it is not lost."""

    input_type = "radio"
    use_fieldset = True
    template_name = "web/draft/choice.html"

    def __init__(self, *, inline: bool = False, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.inline = inline
        self.notes = Choices()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["inline"] = self.inline
        context["widget"]["buttons"] = [
            self._button(option) for _, group, _ in context["widget"]["optgroups"] for option in group
        ]
        return context

    def _button(self, option: dict[str, Any]) -> dict[str, Any]:
        value = str(option["value"])
        reason = self.notes.reasons.get(value, "")
        return {
            "id": option["attrs"]["id"],
            "name": option["name"],
            "value": value,
            "label": option["label"],
            "checked": option["selected"],
            "disabled": bool(reason) and not option["selected"],
            "hint": reason or self.notes.hints.get(value, ""),
            "reason": bool(reason),
        }
