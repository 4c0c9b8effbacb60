"""Pictures as inline SVG. Colors come from classes (styles/_chart.scss), so they follow light and dark.

No style attribute: the Content-Security-Policy forbids it. No viewBox: widths are percentages, so a picture fits its
place at any width and its text keeps its size.
"""

from collections.abc import Sequence
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_HEIGHT = 200
_TOP, _BASE = 20, 168
_LEFT = 12.0  # percent of the width, for the numbers of the scale


def percent_name(percent: float) -> str:
    """A share as a person reads it: only all is 100%, only none is 0%."""
    if 0 < percent < 1:
        return "under 1%"
    return f"{floor(percent)}%"


def bar(percent: float) -> SafeString:
    """A bar for a row whose text says the same."""
    return format_html(
        '<svg class="chart-bar" width="100%" height="14" aria-hidden="true" focusable="false">'
        '<rect class="chart-track" width="100%" height="14" rx="4"></rect>'
        '<rect class="chart-fill" width="{}%" height="14" rx="4"></rect></svg>',
        _number(percent),
    )


def histogram(
    identifier: str, title: str, description: str, counts: Sequence[int], names: Sequence[str], ends: Sequence[str]
) -> SafeString:
    """One column for each count. `names` say what a column counts, `ends` stand below the edges between columns.

    `identifier` is unique on the page; `title` and `description` are what a screen reader says.
    """
    top = round_up(max(counts, default=0))
    width = (100 - _LEFT) / max(len(counts), 1)
    columns = format_html_join(
        "",
        '<rect class="chart-fill" x="{}%" y="{}" width="{}%" height="{}"><title>{}: {}</title></rect>',
        (
            (
                _number(_LEFT + width * (i + 0.08)),
                _y(count, top),
                _number(width * 0.84),
                _BASE - _y(count, top),
                name,
                f"{count:,}",
            )
            for i, (count, name) in enumerate(zip(counts, names, strict=True))
            if count
        ),
    )
    return format_html(
        '<svg class="chart-histogram" width="100%" height="{}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}{}{}</svg>',
        *(_HEIGHT, identifier, identifier, identifier, title, identifier, description),
        *(_scale(top), columns, _ends(ends)),
    )


def round_up(most: int) -> int:
    """The top of a scale that holds `most`: an even 2, 4, 6, 8, 10, 20, 40, ..."""
    if most <= 2:
        return 2
    power = int(10 ** floor(log10(most)))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most)


def _scale(top: int) -> SafeString:
    """Lines at none, half and the top, with their numbers."""
    lines = ((value, _y(value, top)) for value in (0, top // 2, top))
    return format_html_join(
        "",
        '<line class="chart-line" x1="{}%" x2="100%" y1="{}" y2="{}"></line>'
        '<text class="chart-text" x="{}%" y="{}" text-anchor="end">{}</text>',
        ((_LEFT, y, y, _LEFT - 1.5, y + 4, f"{value:,}") for value, y in lines),
    )


def _ends(ends: Sequence[str]) -> SafeString:
    step = (100 - _LEFT) / max(len(ends) - 1, 1)
    return format_html_join(
        "",
        '<text class="chart-text" x="{}%" y="{}" text-anchor="{}">{}</text>',
        (
            (_number(_LEFT + step * i), _BASE + 20, "end" if i == len(ends) - 1 else "middle", end)
            for i, end in enumerate(ends)
            if end
        ),
    )


def _y(count: int, top: int) -> int:
    """At least one pixel for what is not nothing."""
    return min(ceil(_BASE - (_BASE - _TOP) * count / top), _BASE - 1) if count else _BASE


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
