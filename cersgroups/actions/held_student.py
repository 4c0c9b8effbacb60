"""Who sees a student in CERS, as far as we know: for an admin whom a parent asks. Every search is in the audit log."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note
from cersgroups.actions.ledger import open_ledger
from cersgroups.actions.retention import tell_removed
from cersgroups.actions.snapshot import current_folder, open_stored
from cersgroups.core.error import RequestStop, StateConflict
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.student_group import SSID
from cersgroups.engine.held_student import RosterStudent, StudentsGroup, find_students, list_groups_of
from cersgroups.engine.ledger import Ledger
from cersgroups.engine.snapshot import Snapshot
from cersgroups.records.ledger import current_ledger

Meaning = Literal["ssid", "student_id"]
"""Which of the two numbers is meant, where one student has it as SSID and another as student ID."""

MOST_CHARACTERS = 100

MISSING = "Enter the student's SSID or student ID."
MALFORMED = "This is no number of a student. Enter one SSID, which has 10 digits, or one student ID of the roster."
NOTHING_UPLOADED = "Nothing has been uploaded from here yet, so no student group from here shows anybody a student."
UNKNOWN_NOW = "Until then nobody can tell from here who sees a student: look in CERS."
NO_ROSTER = "There is no roster yet in which a student ID could be looked up. Search by the SSID, which has 10 digits."
NO_SUCH_STUDENT = (
    "The current roster has no student with this student ID, and it is no SSID, which has 10 digits. "
    "A student who has left can be found by the SSID."
)
WITHOUT_SSID = (
    "The current roster has no SSID of 10 digits for this student, and CERS knows students by it alone. "
    "If the student had one before, search by that."
)
IN_NO_GROUP = "No student group that CERS holds from here has this student, so nobody sees the student by one."
IN_NO_ROSTER = "The current roster does not have this SSID."
CHECK_NUMBER = "If the student goes to a school of yours, check the number."
HAS_LEFT = "CERS holds the student all the same, perhaps because the student has left."
SEVERAL_FIT = (
    "Several students fit: for one this is the SSID, for another the student ID. Choose which is meant. "
    "Until then nobody's student groups are shown."
)
SHARED = (
    "Several students of the current roster have this SSID. To CERS they are one student: "
    "whoever sees one sees the results of all."
)


@dataclass(frozen=True)
class HeldStudent:
    """The answer. `told`: sentences that explain it, above all where there are no groups.

    `ssid` blank: no student was found, or not which. `students`: whom the current roster has with that SSID, or all who
    fit where `several` do. `since`: when the ledger was written; None where there is none to look into.
    """

    told: tuple[str, ...] = ()
    ssid: str = ""
    students: list[RosterStudent] = field(default_factory=list)
    groups: list[StudentsGroup] = field(default_factory=list)
    several: bool = False
    since: datetime | None = None

    @property
    def users(self) -> list[str]:
        """Everybody who sees the student by one of the groups, once, in order."""
        found = {user.lower(): user for group in self.groups for user in group.users}
        return [found[key] for key in sorted(found)]


def find_held_student(actor: Actor, typed: str, meaning: Meaning | None = None) -> HeldStudent:
    """Who sees the student with this SSID, or this student ID of the current roster.

    Raises RequestStop for what can be neither. No sentence, and not the entry of the audit log, holds the number.
    """
    check_can(actor, "retire_groups")
    number = read_number(typed)
    with acting(actor):
        check_can(actor, "retire_groups")
        note(actor, "read who sees a student", "who sees which group")
        record = current_ledger(actor.lea_id)
        if record is None:
            return HeldStudent((NOTHING_UPLOADED,))
        if removed := tell_removed(record, "The ledger's"):
            return HeldStudent((removed, UNKNOWN_NOW))
        ledger, snapshot = open_ledger(record), _roster(actor)
    found = _Search(ledger, snapshot, record.created_at)
    return found.by(number, meaning)


def read_number(typed: str) -> str:
    """The number without blanks around it, or within where that makes it an SSID. Raises RequestStop."""
    number, together = typed.strip(), "".join(typed.split())
    if not number:
        raise RequestStop(MISSING)
    if SSID.fullmatch(together):
        return together
    if len(number) > MOST_CHARACTERS or not number.isprintable():
        raise RequestStop(MALFORMED)
    return number


def _roster(actor: Actor) -> Snapshot | None:
    try:
        return open_stored(current_folder(actor))
    except StateConflict:
        return None


@dataclass(frozen=True)
class _Search:
    """`snapshot` None: there is no roster yet."""

    ledger: Ledger
    snapshot: Snapshot | None
    since: datetime

    def by(self, number: str, meaning: Meaning | None) -> HeldStudent:
        if meaning == "student_id" or not SSID.fullmatch(number):
            return self._by_student_id(number)
        fit = self._students(number)
        others = [student for student in fit if student.ssid != number]
        if meaning == "ssid" or not others:
            return self._by_ssid(number, [student for student in fit if student.ssid == number])
        if len(others) == len(fit) and not list_groups_of(self.ledger, number):
            return self._by_student_id(number)
        return HeldStudent((SEVERAL_FIT,), students=fit, several=True, since=self.since)

    def _by_student_id(self, number: str) -> HeldStudent:
        if self.snapshot is None:
            return self._none(NO_ROSTER)
        student = next((student for student in self._students(number) if student.student_id == number), None)
        if student is None:
            return self._none(NO_SUCH_STUDENT)
        if not SSID.fullmatch(student.ssid):
            return HeldStudent((WITHOUT_SSID,), students=[student], since=self.since)
        sharing = [one for one in self._students(student.ssid) if one.ssid == student.ssid]
        return self._by_ssid(student.ssid, sharing)

    def _by_ssid(self, ssid: str, students: list[RosterStudent]) -> HeldStudent:
        groups = list_groups_of(self.ledger, ssid)
        told = [] if groups else [IN_NO_GROUP]
        if self.snapshot is not None and not students:
            told += [IN_NO_ROSTER, HAS_LEFT if groups else CHECK_NUMBER]
        if len(students) > 1:
            told.append(SHARED)
        return HeldStudent(tuple(told), ssid, students, groups, since=self.since)

    def _students(self, number: str) -> list[RosterStudent]:
        return find_students(self.snapshot, number) if self.snapshot else []

    def _none(self, told: str) -> HeldStudent:
        return HeldStudent((told,), since=self.since)
