"""The safety stop: an upload that takes away too much waits for a person's yes (features E7)."""

from collections.abc import Iterator, Mapping

FEW = 5
"""So few never stop: in a small school one teacher who leaves is a large share."""

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


def _stops(figures: Mapping[str, int], percent: int) -> Iterator[str]:
    for what, removed, label in _COUNTED:
        gone, before = figures[removed], figures[f"{what}_before"]
        if (gone > FEW or percent == 0) and gone * 100 > before * percent:
            yield (
                f"{gone:,} of {before:,} {label} that CERS holds in these groups would go ({100 * gone / before:.0f}%, "
                f"more than the {percent}% allowed without asking)."
            )
