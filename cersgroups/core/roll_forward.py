"""A profile of an earlier school year carried over to another: what the roster no longer has is dropped, and told."""

from collections.abc import Mapping
from dataclasses import replace

from cersgroups.core.error import RequestStop
from cersgroups.core.profile import Profile

Missing = Mapping[str, tuple[str, ...]]
"""By list (schools, departments, ..., additional, students): the chosen values that the roster does not have."""


def roll_forward(profile: Profile, school_year: int, missing: Missing) -> Profile:
    """The profile for `school_year`, without what is `missing`.

    Raises RequestStop if a list would become empty: that would mean no restriction, or nothing at all. Additional users
    may all be gone.
    """
    filters = {name: _left(name, values, missing) for name, values in profile.filters.chosen().items()}
    return replace(
        profile,
        school_year=school_year,
        schools=_left("schools", profile.schools, missing),
        filters=replace(profile.filters, **filters),
        list=replace(profile.list, students=_left("students", profile.list.students, missing)),
        users=replace(profile.users, additional=_kept(profile.users.additional, missing.get("additional", ()))),
    )


def _left(name: str, values: tuple[str, ...], missing: Missing) -> tuple[str, ...]:
    left = _kept(values, missing.get(name, ()))
    if values and not left:
        raise RequestStop(
            f"None of the chosen {name.replace('_', ' ')} is in the current roster, so the profile cannot be rolled "
            f"forward as it is. Edit it and choose again."
        )
    return left


def _kept(values: tuple[str, ...], missing: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if value not in missing)
