"""What a live source is: a kind of SIS that the roster is fetched from. Each kind is one file with its `LiveKind`.

A kind turns its settings into roster tables (core/roster.py), whole or not at all, and knows nothing of the rest.
Kinds are listed in live_kind.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cersgroups.core.error import RequestStop
from cersgroups.sources.tally import Tally

Settings = Mapping[str, str]
"""What a person has entered, by the name of the field; secrets are among it."""

Progress = Callable[[str, float], None]
"""Called with what is being fetched, such as "sections of 994 Vista High", and the part that is done (0 to 1)."""


@dataclass(frozen=True)
class Field:
    """One thing to be entered. A blank one that is not `required` means `default`; `secret` ones are never shown again.

    `lines`: how many lines of text it takes; `choices`: the only values allowed; `check` raises RequestStop for
    a value that cannot be meant. `host`: of a field that says where a server is, the server's name. `shown`: a value as
    people read it.
    """

    name: str
    label: str
    help: str = ""
    required: bool = True
    secret: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    lines: int = 1
    check: Callable[[str], object] | None = None
    host: Callable[[str], str] | None = None
    shown: Callable[[str], str] = str


class SettingMissing(RequestStop):
    """A required field is blank."""

    def __init__(self, field: Field) -> None:
        super().__init__(f"{field.label} is missing. Enter it.")
        self.field = field


@dataclass(frozen=True)
class Check:
    """One line of a connection's test: what was tried, whether it went well, and what it gave or what to do."""

    what: str
    ok: bool
    sentence: str


@dataclass(frozen=True)
class Target:
    """What a fetch is to make: the roster tables as of a day in an empty folder, with what was odd in the tally.

    `supplied`: those of ssid, seid and cds that side files give, so that the source need not.
    """

    as_of: date
    folder: Path
    tally: Tally
    progress: Progress = lambda _what, _share: None
    supplied: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LiveKind:
    """A kind of live source.

    `check(settings, as_of)` tries every part that a sync needs, one Check each; it raises nothing that a person could
    cause. `fetch(settings, target)` writes what the target says; it raises DataStop, naming the request that failed and
    why, and the folder is then of no use.
    `as_of` says which school year is meant (`school_year_of`). `labels`: what a person calls the place that each roster
    table comes from, for sentences. `judge` raises RequestStop for complete settings that do not go together.
    """

    kind: str
    label: str
    fields: tuple[Field, ...]
    check: Callable[[Settings, date], list[Check]]
    fetch: Callable[[Settings, Target], None]
    labels: Mapping[str, str] = field(default_factory=dict)
    judge: Callable[[Settings], None] = lambda _: None

    def complete(self, entered: Settings) -> dict[str, str]:
        """The settings, blanks as their defaults. Raises SettingMissing, and RequestStop for one unknown or wrong."""
        known = {field.name for field in self.fields}
        unknown = sorted(entered.keys() - known)
        if unknown:
            raise RequestStop(f"{self.label}: unknown setting {unknown[0]!r}. Known here: {', '.join(sorted(known))}.")
        complete = {field.name: self._value(field, entered.get(field.name, "").strip()) for field in self.fields}
        self.judge(complete)
        return complete

    def hosts(self, settings: Settings) -> list[str]:
        """The servers that it would ask."""
        return [field.host(value) for field in self.fields if field.host and (value := settings.get(field.name, ""))]

    def shown(self, settings: Settings) -> list[tuple[str, str]]:
        """By label, the settings as people read them; of a secret only that it is stored."""
        return [(field.label, self._shown(field, settings.get(field.name, ""))) for field in self.fields]

    def _shown(self, field: Field, value: str) -> str:
        return "Stored" if field.secret else field.shown(value) if value else ""

    def _value(self, field: Field, entered: str) -> str:
        value = entered or field.default
        if field.required and not value:
            raise SettingMissing(field)
        if field.choices and value not in field.choices:
            raise RequestStop(f"{field.label} is {value!r}. Choose one of {', '.join(field.choices)}.")
        if field.check and value:
            try:
                field.check(value)
            except RequestStop as stop:
                raise RequestStop(f"{field.label}: {stop}") from None
        return value


def whole_number(least: int, most: int) -> Callable[[str], object]:
    """For `Field.check`: a whole number from `least` to `most`."""

    def check(value: str) -> None:
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            raise RequestStop(f"enter a whole number from {least} to {most}.")

    return check


_YEAR_BEGINS = (7, 1)


def school_year_of(as_of: date) -> int:
    """The school year that a day belongs to, by its second half: 2027 from 2026-07-01 to 2027-06-30."""
    return as_of.year + ((as_of.month, as_of.day) >= _YEAR_BEGINS)
