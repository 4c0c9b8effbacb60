"""The staff of one demo school: people with e-mails, their teacher records, and namesakes among them."""

from typing import NamedTuple

from cersgroups.core.names import token
from cersgroups.sources.demo_draft import Draft, Visitor, flag
from cersgroups.sources.demo_name import SPELLINGS, Name, names

_SCHOOLS_WITH_NAMESAKES = 10
"""So many schools surely have namesakes; later ones sometimes."""

_SEID_STEP, _SEID_RANGE = 7_368_787, 9_000_000_000


class Member(NamedTuple):
    """One of the staff. `reference` is what sections, homerooms and counselors name them by here:
    the number of the teacher record, or the staff_id at schools without teacher records.
    """

    staff_id: str
    reference: str
    name: Name
    email: str


class Staff:
    """Hires people for one school and writes their rows."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.members: list[Member] = []
        self._numbers = iter(range(101, 100_000))
        self._namesakes = self._twins()

    def hire(self, count: int, certificated: bool = True) -> list[Member]:
        """Write so many people; those who are not certificated (aides) have no state educator id."""
        drawn = names(self.draft.rng, count)
        if certificated and count:
            drawn = (self._namesakes + drawn)[:count]
            self._namesakes = self._namesakes[count:]
        return [self._member(name, certificated) for name in drawn]

    def hire_former(self) -> None:
        """Someone who has left: inactive as staff and as teacher record."""
        self._member(names(self.draft.rng, 1)[0], certificated=True, active=False)

    def hire_shared(self, school_id: str) -> Member:
        """Someone who also teaches at that school, where only a teacher record is written."""
        return self._member(names(self.draft.rng, 1)[0], certificated=True, also_at=school_id)

    def welcome(self, visitor: Visitor) -> Member:
        """A teacher record for someone of another school."""
        number = str(next(self._numbers))
        self._record(number, visitor.staff_id, visitor.name, visitor.email)
        return Member(visitor.staff_id, number, visitor.name, visitor.email)

    def vacancy(self) -> str:
        """The number of a teacher record without a person."""
        number = str(next(self._numbers))
        self._record(number, "", ("Vacant", ""), "")
        return number

    def _twins(self) -> list[Name]:
        rng, index = self.draft.rng, self.draft.school.index
        twins: list[Name] = []
        if index < _SCHOOLS_WITH_NAMESAKES or rng.random() < 0.2:
            twins += names(rng, 1) * 2
        if index < _SCHOOLS_WITH_NAMESAKES or rng.random() < 0.1:
            twins += SPELLINGS[index % len(SPELLINGS)]
        return twins

    def _member(self, name: Name, certificated: bool, active: bool = True, also_at: str = "") -> Member:
        draft = self.draft
        number = draft.next_staff
        draft.next_staff += 1
        email = self._email(name, number)
        draft.add(
            "staff",
            staff_id=str(number),
            last_name=name[0],
            first_name=name[1],
            email=email,
            state_educator_id=_seid(number) if certificated else "",
            active=flag(active and draft.rng.random() > 0.004),
            school_ids="|".join(filter(None, (draft.school_id, also_at))),
        )
        reference = str(number)
        if draft.school.has_teacher_records:
            reference = str(next(self._numbers))
            self._record(reference, str(number), name, self._record_email(email), active)
        member = Member(str(number), reference, name, email)
        self.members.append(member)
        return member

    def _record(self, teacher_number: str, staff_id: str, name: Name, email: str, active: bool = True) -> None:
        self.draft.add(
            "teachers",
            school_id=self.draft.school_id,
            teacher_number=teacher_number,
            staff_id=staff_id,
            last_name=name[0],
            first_name=name[1],
            email=email,
            active=flag(active),
        )

    def _email(self, name: Name, number: int) -> str:
        dice = self.draft.rng.random()
        if dice < 0.02:
            return ""
        mailbox = f"{token(name[1])[0]}{token(name[0])}{number}".lower()
        return mailbox if dice > 0.998 else f"{mailbox}@{self.draft.domain}"

    def _record_email(self, email: str) -> str:
        """What the teacher record says: mostly the same, at times blank, in capitals or an older address."""
        dice = self.draft.rng.random()
        if dice < 0.15:
            return ""
        if dice < 0.20:
            return email.replace("@", "@schools.")
        return email.title() if dice < 0.25 else email


def _seid(number: int) -> str:
    return str(1_000_000_000 + number * _SEID_STEP % _SEID_RANGE)
