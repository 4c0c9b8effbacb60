"""The entries of a filter list as data in the page, which no browser runs."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cersgroups.web.filter_list import Entry, entries_text

register = template.Library()

# As Django's json_script: nothing in the data can end the element or be markup. str.replace is the quickest way.
_ESCAPES = (("&", "\\u0026"), ("<", "\\u003C"), (">", "\\u003E"))


@register.simple_tag
def entries_script(entries: Sequence[Entry]) -> SafeString:
    text = f"[{entries_text(entries)}]"
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return format_html('<script type="application/json" data-part="entries">{}</script>', mark_safe(text))  # noqa: S308
