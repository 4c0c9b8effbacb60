"""Kinds of hazards: what the receiver would accept and then refuse, lose or garble, each with a code.

A kind that is found record by record is a function, registered by `rule` (hazard.py); the others are found
in the file as a whole (hazard_search.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cersgroups.cers.collation import fold
from cersgroups.cers.staged_row import StagedRow
from cersgroups.cers.stored_group import GroupKey
from cersgroups.cers.verdict import Hazard


@dataclass
class Memory:
    """What the rules remember of the records before: by group the spellings of its name and of its logins."""

    names: dict[GroupKey, "Spellings"] = field(default_factory=dict)
    logins: dict[tuple[GroupKey, str], "Spellings"] = field(default_factory=dict)
    users: dict[GroupKey, "UserList"] = field(default_factory=dict)


@dataclass
class Spellings:
    """The spellings of what is one thing to the database; `first` is the one it stores."""

    first: str
    all: set[str] = field(default_factory=set)

    def add(self, spelling: str) -> str | None:
        """Both spellings, if this one is another than the first and was not met before."""
        if spelling in self.all:
            return None
        self.all.add(spelling)
        return None if spelling == self.first else f"{self.first!r} and {spelling!r}"


@dataclass
class UserList:
    """The users of a group, and the bytes of their logins joined by commas."""

    folds: set[str] = field(default_factory=set)
    bytes: int = -1

    def add(self, login: str) -> None:
        if fold(login) not in self.folds:
            self.folds.add(fold(login))
            self.bytes += 1 + len(login.encode(errors="surrogatepass"))


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the fields as the checker reads them, and the row as the loader stages it, if it gets so far."""

    row: int
    fields: list[str]
    staged: StagedRow | None

    def __getitem__(self, index: int) -> str:
        return self.fields[index] if index < len(self.fields) else ""

    @property
    def key(self) -> GroupKey:
        """What the database knows the group by."""
        if self.staged:
            return fold(self.staged.school), fold(self.staged.name), self.staged.year
        return fold(self[1].strip(" ")), fold(self[0].strip(" ")), 0

    @property
    def login(self) -> str:
        return (self.staged.login or "") if self.staged else self[5].strip(" ")


Rule = Callable[[Record, Memory], str | None]
"""Gives the value at fault, or None."""


@dataclass(frozen=True)
class HazardKind:
    """`sentence` says what is wrong and what happens, with `{value}`; `advice` what to do; `source` where seen."""

    code: str
    sentence: str
    advice: str
    source: str

    def hazard(self, row: int, value: str = "") -> Hazard:
        where = f"Row {row}: " if row else ""
        sentence = self.sentence.format(value=ascii(value)[1:-1] if not value.isprintable() else value)
        return Hazard(row, self.code, f"{where}{sentence} {self.advice}")


KINDS: dict[str, HazardKind] = {}
RULES: list[tuple[HazardKind, Rule]] = []


def kind(code: str, sentence: str, advice: str, source: str) -> HazardKind:
    """Write down a kind of hazard. Raises ValueError if its code is taken."""
    if code in KINDS:
        raise ValueError(f"hazard code {code} is defined twice")
    KINDS[code] = HazardKind(code, sentence, advice, source)
    return KINDS[code]


def rule(code: str, sentence: str, advice: str, source: str) -> Callable[[Rule], Rule]:
    """Register a rule that is asked of every record."""
    made = kind(code, sentence, advice, source)

    def register(function: Rule) -> Rule:
        RULES.append((made, function))
        return function

    return register
