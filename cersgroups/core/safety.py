"""The safety stops: an upload that takes away too much (features E7), and a fetched roster that lost too much (H5).

Both wait for a person's yes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

FEW = 5
"""So few never stop: in a small school one teacher who leaves is a large share."""

_ALL = 100

_COUNTED = (
    ("groups", "groups_retired", "student groups"),
    ("students", "students_removed", "students"),
    ("users", "users_removed", "users"),
)


def safety_stops(figures: Mapping[str, int], percent: int) -> list[str]:
    """A sentence for each of groups, students and users of which more than `percent` of a hundred would go.

    `figures` as engine/difference.py counts them.
    """
    return list(_stops(figures, percent))


def school_stops(emptied: Mapping[str, int], percent: int) -> list[str]:
    """A sentence for each school (by name: how many groups) of which all would go and none is sent.

    Of a large LEA one school is a small share; most often no term of it runs on the day.
    """
    return [
        f"{school}: all of its {count:,} student groups that CERS holds of these profiles would go, none is sent. "
        f"If no term of it runs then, wait until one does."
        for school, count in emptied.items()
        if count > FEW and percent < _ALL
    ]


def _stops(figures: Mapping[str, int], percent: int) -> Iterator[str]:
    for what, removed, label in _COUNTED:
        gone, before = figures[removed], figures[f"{what}_before"]
        if (gone > FEW or percent == 0) and gone * 100 > before * percent:
            yield (
                f"{gone:,} of {before:,} {label} that CERS holds in these groups would go ({100 * gone / before:.0f}%, "
                f"more than the {percent}% allowed without asking)."
            )


@dataclass(frozen=True)
class RosterFacts:
    """What the safety stop looks at of a roster: `counts` by table, its school_ids, and whether a term runs today."""

    counts: Mapping[str, int]
    school_ids: frozenset[str]
    school_year: int
    in_term: bool


_LOSSES = {
    "sections": "sections",
    "students": "students",
    "rosters": "students on sections",
    "staff": "staff",
}


def roster_stops(before: RosterFacts | None, after: RosterFacts, percent: int) -> list[str]:
    """A sentence for each reason why a fetched roster does not replace the current one (`before`) by itself.

    It is empty, lost more than `percent` of a hundred of something, is of an earlier school year, or no term of it runs
    today while one of the current roster does.
    """
    return list(_roster_stops(before, after, percent))


def _roster_stops(before: RosterFacts | None, after: RosterFacts, percent: int) -> Iterator[str]:
    empty = [table for table in ("schools", "students") if not after.counts[table]]
    if empty:
        yield f"It has no {' and no '.join(empty)}: it came back empty."
        return
    if before is None:
        return
    yield from _losses(before, after, percent)
    if after.school_year < before.school_year:
        yield f"It is of the school year that ends in {after.school_year}, the current one of {before.school_year}."
    if before.in_term and not after.in_term:
        yield "No term in it runs today, while in the current roster one does: nothing could be made of it."


def _losses(before: RosterFacts, after: RosterFacts, percent: int) -> Iterator[str]:
    gone = len(before.school_ids - after.school_ids)
    if gone * 100 > len(before.school_ids) * percent:
        yield _loss(gone, len(before.school_ids), "schools", percent)
    for table, label in _LOSSES.items():
        had = before.counts[table]
        gone = had - after.counts[table]
        if (gone > FEW or percent == 0 or gone == had > 0) and gone * 100 > had * percent:
            yield _loss(gone, had, label, percent)


def _loss(gone: int, before: int, label: str, percent: int) -> str:
    share = f"{100 * gone / before:.0f}%, more than the {percent}% allowed without asking"
    return f"{gone:,} of {before:,} {label} of the current roster are not in it ({share})."
