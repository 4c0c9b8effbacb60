"""A state as the screen shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """A label and the color of its badge."""

    label: str
    color: str
