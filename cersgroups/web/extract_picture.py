"""The pictures on an extract's page: who is in a group, by school and by grade, and how large the groups are."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from cersgroups.core.figure import SIZE_STEP, SIZE_STEPS, Figures, Share, step_name
from cersgroups.web.chart import bar, histogram, percent_name

SCHOOLS_DRAWN = 20
"""The schools with the lowest shares are drawn; the table has them all."""


@dataclass(frozen=True)
class ShareBar:
    name: str
    share: Share
    percent: str
    svg: SafeString


@dataclass(frozen=True)
class Size:
    """How many groups have so many students."""

    students: str
    groups: int


@dataclass(frozen=True)
class Pictures:
    total: ShareBar
    by_school: tuple[ShareBar, ...]
    schools_left: int
    by_grade: tuple[ShareBar, ...]
    all: tuple[ShareBar, ...]
    sizes: SafeString
    size_table: tuple[Size, ...]


def pictures_of(figures: Figures) -> Pictures:
    schools = figures.by_school()
    return Pictures(
        total=_bar("", figures.total()),
        by_school=tuple(_bar(share.school_name, share) for share in schools[:SCHOOLS_DRAWN]),
        schools_left=max(0, len(schools) - SCHOOLS_DRAWN),
        by_grade=tuple(_bar(share.grade_name, share) for share in figures.by_grade()),
        all=tuple(_bar(share.school_name, share) for share in figures.shares),
        sizes=_histogram(figures.sizes),
        size_table=tuple(Size(step_name(step), count) for step, count in enumerate(figures.sizes) if count),
    )


def _bar(name: str, share: Share) -> ShareBar:
    return ShareBar(name, share, percent_name(share.percent), bar(share.percent))


def _histogram(sizes: tuple[int, ...]) -> SafeString:
    ends = ["" if edge % 5 else str(edge * SIZE_STEP) for edge in range(SIZE_STEPS + 1)]
    most = max(range(SIZE_STEPS), key=lambda step: sizes[step])
    return histogram(
        "sizes",
        "How many students the groups have",
        f"Of {sum(sizes):,} groups, most ({sizes[most]:,}) have {step_name(most)} students.",
        sizes,
        [f"{step_name(step)} students" for step in range(SIZE_STEPS)],
        ends,
    )
