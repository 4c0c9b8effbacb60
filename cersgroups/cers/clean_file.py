"""The quick way to the verdict on a clean file, such as every extract is: one match per group, not per row.

A file is clean if it is plain ASCII in the usual layout, without quotes and backslashes, accepted and without
hazards. Of any other file nothing is said here, and it is read record by record (validation.validate_exactly).
"""

import re
from collections.abc import Iterator

from cersgroups.cers.known import ALL_SUBJECTS, Known
from cersgroups.cers.record_check import success
from cersgroups.cers.verdict import Result, Verdict
from cersgroups.core.student_group import HEADER, MAX_EMAIL, MAX_ROWS, MAX_STUDENTS, MAX_USERS_BYTES

_NAME = rb"(?! )[ !#-+\--\[\]-~]{1,255}(?<! )"
_EMAIL_HALF = rb"[!#-+\--?A-\[\]-~]++"
# Possessive throughout: nothing here could match in a second way.
_SSID = rb"[0-9]{10}"
_STUDENT = rb"(?:" + _SSID + rb")?+,"
_LOGIN = _EMAIL_HALF + b"@" + _EMAIL_HALF
_LOGINS = re.compile(rb",([^\r\n]+)")
_NO_STUDENT = re.compile(rb"^,", re.MULTILINE)
_NULL = b"NULL"


def verdict_if_clean(content: bytes, known: Known) -> Verdict | None:
    """The verdict on `content` if it is clean, else None."""
    end = b"\r\n" if content[: len(_HEADER) + 2].endswith(b"\r\n") else b"\n"
    # The case of the header does not matter to the checker (014), and the loader skips it.
    if not content.isascii() or content[: len(_HEADER + end)].lower() != _HEADER + end:
        return None
    # A last line without end is the same to checker and loader (vectors 004-006).
    content = content if content.endswith(b"\n") else content + end
    file = _CleanFile(known, len(b"0000000000," + end))
    for match in _groups(content, len(_HEADER + end), _pattern(end)):
        if match is None or not file.add(match):
            return None
    return file.verdict("\\r\\n" if end == b"\r\n" else "\\n")


def _groups(content: bytes, position: int, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes] | None]:
    """One match per group, and None where the file is not clean."""
    while position < len(content):
        match = pattern.match(content, position)
        yield match
        position = match.end() if match else len(content)


def _pattern(end: bytes) -> re.Pattern[bytes]:
    """A first row, and all rows after it that begin with the same four fields.

    As extracts have them: first rows with a login, then rows without, all of one length (group 6); then any others
    (group 7).
    """
    prefix = rb"((" + _NAME + rb"),([0-9]{14}),([0-9]{4}),([A-Za-z0-9]{1,10}),)"
    any_row = _STUDENT + rb"(?:" + _LOGIN + rb")?+" + end
    with_login = _same(_STUDENT + _LOGIN + end)
    without = _same(_SSID + b"," + end)
    return re.compile(prefix + any_row + with_login + b"(" + without + b")(" + _same(any_row) + b")")


def _same(row: bytes) -> bytes:
    return rb"(?:\1" + row + rb")*+"


_HEADER = ",".join(HEADER).encode()


class _CleanFile:
    """What is known of the groups so far.

    `without_prefix`: how long a row without a login is after its first four fields.
    """

    def __init__(self, known: Known, without_prefix: int) -> None:
        self.known = known
        self.without_prefix = without_prefix
        self.years = {str(year).encode() for year in known.years}
        self.subjects = {code.encode() for code in (*known.subjects, ALL_SUBJECTS)}
        self.results: list[Result] = []
        self.school = b""
        self.schools: set[bytes] = set()
        self.groups: set[tuple[bytes, bytes]] = set()
        self.rows = 0

    def add(self, match: re.Match[bytes]) -> bool:
        """Take one group in; whether the file is still clean."""
        prefix, name, school, year, subject = match.group(1, 2, 3, 4, 5)
        if year not in self.years or subject not in self.subjects or name == _NULL:
            return False
        if school != self.school and not self._enter(school):
            return False
        group = (name.lower(), year)
        if group in self.groups:
            return False
        self.groups.add(group)
        without_login = match.end(6) - match.start(6)
        others = match.string[match.start() : match.start(6)] + match[7]
        count = others.count(b"\n") + without_login // (len(prefix) + self.without_prefix)
        self.rows += count
        cells = others.replace(prefix, b"")
        return _students_fit(cells, count) and _users_fit(cells)

    def verdict(self, newline: str) -> Verdict | None:
        if not self.rows or self.rows > MAX_ROWS:
            return None
        self._close(self.rows)
        return Verdict(True, tuple(self.results), newline)

    def _enter(self, school: bytes) -> bool:
        if school in self.schools or not self.known.has_school(school.decode()):
            return False
        if self.school:
            self._close(self.rows + 1)
        self.schools.add(school)
        self.school = school
        self.groups.clear()
        return True

    def _close(self, row: int) -> None:
        self.results.append(success(row, len(self.groups), self.school.decode()))


def _students_fit(cells: bytes, count: int) -> bool:
    """`cells` are the last two of those rows of a group that may have no student; it has `count` rows in all."""
    return count <= MAX_STUDENTS or count - len(_NO_STUDENT.findall(cells)) <= MAX_STUDENTS


def _users_fit(cells: bytes) -> bool:
    """Logins are spelled one way each, are not too long, and together not either."""
    logins = set(_LOGINS.findall(cells))
    return not logins or (
        len({login.lower() for login in logins}) == len(logins)
        and max(map(len, logins)) <= MAX_EMAIL
        and sum(map(len, logins)) + len(logins) - 1 <= MAX_USERS_BYTES
    )
