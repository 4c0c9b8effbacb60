"""The receiver's check of the records: one pass, with what it remembers of school, group and subject."""

from collections.abc import Iterable

from cersgroups.cers.java_text import fold_case, is_blank, strip_to_none, to_int
from cersgroups.cers.known import Known
from cersgroups.cers.verdict import Result
from cersgroups.core.student_group import HEADER, MAX_STUDENTS

_NAME, _SCHOOL, _YEAR, _SUBJECT, _SSID, _ = HEADER


class NoSuchField(Exception):  # noqa: N818
    """A record, or the header, lacks a field that is asked for."""


class RecordCheck:
    """Checks the records of one file. `columns` says where the fields stand (csv_reader.columns_of)."""

    def __init__(self, columns: dict[str, int], known: Known) -> None:
        self.columns = columns
        self.known = known
        self.failures: list[Result] = []
        self.successes: list[Result] = []
        self.said: set[str] = set()
        self.row = 0
        self.school: str | None = None
        self.closed_schools: set[str] = set()
        self.group_count = 0
        self.group: str | None = None
        self.group_key: str | None = None
        self.closed_group_keys: set[str] = set()
        self.subject: str | None = None
        self.student_count = 0

    def run(self, records: Iterable[list[str]]) -> list[Result]:
        """The failures, or if there are none the successes. Raises NoSuchField, and what `records` raises."""
        for self.row, record in enumerate(records, start=1):
            self._check(record)
        self._check_student_count(self.row)
        if self.failures:
            return self.failures
        self._succeed()
        return self.successes

    def _check(self, record: list[str]) -> None:
        school, name = self._field(record, _SCHOOL), self._field(record, _NAME)
        year = to_int(self._field(record, _YEAR))
        subject = strip_to_none(self._field(record, _SUBJECT))
        if year is None or is_blank(school) or is_blank(name):
            self._fail_keys(school, name, year)
            return
        if year not in self.known.years:
            self._fail_once(f"Invalid school year: {year}")
        if subject is not None and not self.known.has_subject(subject):
            self._fail_once(f"Invalid subject: {subject}")
        if not self._enter_school(school):
            return
        self._enter_group(school + name + str(year), name)
        self._keep_subject(subject)
        if not is_blank(self._field(record, _SSID)):
            self.student_count += 1

    def _field(self, record: list[str], column: str) -> str:
        index = self.columns.get(column)
        if index is None or index >= len(record):
            raise NoSuchField(column)
        return record[index]

    def _fail_keys(self, school: str, name: str, year: int | None) -> None:
        if is_blank(school):
            self._fail("Record does not contain a school")
        if is_blank(name):
            self._fail("Record does not contain a group name")
        if year is None:
            self._fail("Record does not contain a school year")

    def _enter_school(self, school: str) -> bool:
        """Whether the record's school can be gone on with."""
        if self.school == school:
            return True
        if self.school is not None:
            self.closed_schools.add(self.school)
            self._succeed()
        self.closed_group_keys.clear()
        self.group_key = self.school = None
        self.group_count = 0
        failure = False
        if not self.known.has_school(school):
            self._fail_once(f"School [{school}] can not be found")
            failure = True
        if school in self.closed_schools:
            self._fail_once(f"School [{school}] is out-of-order: sort CSV by school, group, year")
            failure = True
        if not failure:
            self.school = school
        return not failure

    def _enter_group(self, key: str, name: str) -> None:
        if self.group_key is not None and (self.group_key == key or fold_case(self.group_key) == fold_case(key)):
            return
        if self.group_key is not None:
            self.closed_group_keys.add(self.group_key)
        self.subject = None
        self.group_key = key
        # Vector 266: the last group of a school is counted when the next school has begun, and blamed on it.
        self._check_student_count(self.row - 1)
        self.student_count = 0
        self.group = name
        self.group_count += 1
        if key in self.closed_group_keys:
            self._fail_once("Record is out-of-order: sort CSV by school, group, year")

    def _keep_subject(self, subject: str | None) -> None:
        if self.subject is None:
            self.subject = subject
        elif subject is not None and fold_case(subject) != fold_case(self.subject):
            self._fail_once(f"Record is attempting to re-define group subject from [{self.subject}] to [{subject}]")
            self.subject = subject

    def _check_student_count(self, row: int) -> None:
        if self.student_count > MAX_STUDENTS:
            school, group, count = _text(self.school), _text(self.group), self.student_count
            self._fail_once(
                f"School [{school}] Group [{group}] contains {count} students.  "
                f"Maximum students allowed per group is {MAX_STUDENTS}",
                row,
            )

    def _succeed(self) -> None:
        self.successes.append(success(self.row, self.group_count, _text(self.school)))

    def _fail(self, message: str, row: int | None = None) -> None:
        self.said.add(message)
        self.failures.append(Result(self.row if row is None else row, False, message))

    def _fail_once(self, message: str, row: int | None = None) -> None:
        """The same sentence is said once only (vector 208)."""
        if message not in self.said:
            self._fail(message, row)


def success(row: int, group_count: int, school: str) -> Result:
    plural = "" if group_count == 1 else "s"
    return Result(row, True, f"{group_count} group{plural} accepted for {school}.")


def _text(value: str | None) -> str:
    return "null" if value is None else value
