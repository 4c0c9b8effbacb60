"""{{ entry.detail|told }}: the details of an audit entry as a line."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def told(detail: dict[str, Any]) -> str:
    """`name: English 7, schools: 990, 994`; what is None or blank is left out."""
    return "; ".join(
        f"{name.replace('_', ' ')}: {_text(value)}" for name, value in detail.items() if value not in (None, "", [])
    )


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
