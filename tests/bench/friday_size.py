"""How many students a thousand LEAs have: a few large ones, and many small."""

_FALL = 0.9
"""By rank: of a thousand LEAs the largest has a tenth of all students, the middle one some 2,000, as in California."""

_SMALLEST, _STEP = 60, 1.5


def sizes(leas: int, students: int) -> list[int]:
    """About `students` in all, the largest LEA first; rounded to a few sizes, so that few rosters need be made."""
    weights = [rank**-_FALL for rank in range(1, leas + 1)]
    share = students / sum(weights)
    return [_rounded(weight * share) for weight in weights]


def _rounded(size: float) -> int:
    """The nearest of the sizes 60, 90, 135, ... on a scale of ratios."""
    step = float(_SMALLEST)
    while step * _STEP**0.5 < size:
        step *= _STEP
    return round(step)
