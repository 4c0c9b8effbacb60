"""A model of what the receiver holds after a sequence of uploads (MySQL 5.6 line, strict mode, API channel).

Every group named in a file gets exactly the students and users of the file; groups not named stay as they are.
Observed in vectors 001-350. Names, logins and SSIDs are compared by the collation; the spelling stored first stays.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypedDict

from cersgroups.cers.collation import fold
from cersgroups.cers.import_message import failure_message, fits, success_message
from cersgroups.cers.known import Known
from cersgroups.cers.load_data import load
from cersgroups.cers.staged_row import LoadFailure, StagedRow
from cersgroups.cers.stored_group import GroupJson, GroupKey, StoredGroup, joined_bytes
from cersgroups.cers.validation import validate
from cersgroups.cers.verdict import Verdict
from cersgroups.core.student_group import MAX_USERS_BYTES

Outcome = Literal["loaded", "rejected", "load_failed", "skipped", "crash"]

INDEX_WALK_ROWS = 1_000
"""From so many rows on the database walks an index by student instead of the file's order.

Observed: 3 rows keep file order (221-223), 5,000 do not (230). Where between it turns depends on the
database's statistics, so this is a choice; a file with the subject on every row (231) does not care.
"""

FIRST_ROWS = 10

# The receiver's ids of the subjects: a group sent again gets the highest of its rows (220).
_SUBJECT_IDS = {"math": 1, "ela": 2}


class State(TypedDict):
    """Everything the receiver holds, in sorted order."""

    groups: list[GroupJson]
    students_created: list[str]


@dataclass(frozen=True)
class Upload:
    """What became of one upload. `status` and `message` are those of the receiver's import record.

    `rows` and `first_rows` tell what the loader staged, `reason` why it failed.
    """

    outcome: Outcome
    verdict: Verdict
    status: str
    message: str | None
    rows: int = 0
    first_rows: tuple[StagedRow, ...] = ()
    reason: str | None = None


class Warehouse:
    """The receiver's store; `students` are the SSIDs it knows, in the order of their creation."""

    def __init__(self, known: Known, students: Iterable[str] = ()) -> None:
        self.known = known
        self.ssids = {fold(ssid): ssid for ssid in students}
        self.student_ids = {student: number for number, student in enumerate(self.ssids)}
        self.known_count = len(self.ssids)
        self.schools = None if known.schools is None else {fold(s): s for s in known.schools}
        self.subjects = {fold(subject): subject for subject in known.subjects}
        self.groups: dict[GroupKey, StoredGroup] = {}
        self.processed: set[bytes] = set()
        self.upload_count = 0

    def upload(self, content: bytes) -> Upload:
        """Check `content`, load it if it is accepted, and tell what happened. Never raises for what it holds."""
        self.upload_count += 1
        verdict = validate(content, self.known)
        if verdict.crash is not None:
            return Upload("crash", verdict, "HTTP_ERROR", verdict.crash)
        if not verdict.ok:
            return self._reject(verdict, failure_message(verdict.results))
        message = success_message(verdict.results)
        if not fits(message):
            return self._reject(verdict, message)
        digest = hashlib.sha256(content).digest()
        if digest in self.processed:
            return Upload("skipped", verdict, "PROCESSED", message)
        upload = self._load(content, verdict, message)
        if upload.outcome == "loaded":
            self.processed.add(digest)
        return upload

    def delete_group(self, school: str, name: str, year: int) -> None:
        """What a person does on the receiver's page; the next upload that names the group revives it (318)."""
        self.groups[self._key(school, name, year)].deleted = True

    def state(self) -> State:
        groups = sorted(self.groups.values(), key=lambda group: (group.school, group.name, group.year))
        created = sorted(islice(self.ssids.values(), self.known_count, None))
        return {"groups": [group.as_json(self.ssids) for group in groups], "students_created": created}

    def _reject(self, verdict: Verdict, message: str) -> Upload:
        """Vector 349: a message that does not fit breaks the answer itself."""
        if fits(message):
            return Upload("rejected", verdict, "BAD_DATA", message)
        return Upload("rejected", verdict, "ERROR", None)

    def _load(self, content: bytes, verdict: Verdict, message: str) -> Upload:
        try:
            rows = list(load(content, verdict.newline or "\\n"))
        except LoadFailure as e:
            return Upload("load_failed", verdict, "BAD_DATA", None, reason=str(e))
        self._create_students(rows)
        first = tuple(rows[:FIRST_ROWS])
        groups = self._rows_by_group(rows)
        for key, group_rows in groups.items():
            if self._users_are_cut(key, group_rows):
                reason = f"the users of group {group_rows[0].name} have over {MAX_USERS_BYTES:,} bytes together"
                return Upload("load_failed", verdict, "BAD_DATA", None, len(rows), first, reason)
        for key, group_rows in groups.items():
            self._store(key, group_rows)
        return Upload("loaded", verdict, "PROCESSED", message, len(rows), first)

    def _create_students(self, rows: list[StagedRow]) -> None:
        """An unknown SSID becomes a student (289), even if the file fails later on."""
        for row in rows:
            if row.ssid is not None and (student := fold(row.ssid)) not in self.ssids:
                self.student_ids[student] = len(self.student_ids)
                self.ssids[student] = row.ssid

    def _rows_by_group(self, rows: list[StagedRow]) -> dict[GroupKey, list[StagedRow]]:
        """The rows of each group in the order the database reads them; those of unknown schools are lost."""
        if len(rows) >= INDEX_WALK_ROWS:
            rows = sorted(rows, key=self._student_id)
        groups: dict[GroupKey, list[StagedRow]] = {}
        for row in rows:
            if self.schools is None or fold(row.school) in self.schools:
                groups.setdefault(self._key(row.school, row.name, row.year), []).append(row)
        return groups

    def _student_id(self, row: StagedRow) -> int:
        return -1 if row.ssid is None else self.student_ids[fold(row.ssid)]

    def _users_are_cut(self, key: GroupKey, rows: list[StagedRow]) -> bool:
        """Users of a group that was there before are compared as one text, which may not be cut (326, 327)."""
        group = self.groups.get(key)
        if group is None or group.deleted:
            return False
        loading = joined_bytes(_users(rows).values())
        return max(loading, group.users_bytes()) > MAX_USERS_BYTES

    def _store(self, key: GroupKey, rows: list[StagedRow]) -> None:
        group = self.groups.get(key)
        members = frozenset(fold(row.ssid) for row in rows if row.ssid is not None)
        users = _users(rows)
        if group is None:
            school = rows[0].school if self.schools is None else self.schools[key[0]]
            group = StoredGroup(school, rows[0].name, rows[0].year, None, 0)
            self.groups[key] = group
            group.deleted = True
        subject = self._subject(rows[:1] if group.deleted else rows)
        now = (subject, members, users.keys())
        if group.deleted or now != (group.subject, group.members, group.users.keys()):
            group.touched = self.upload_count
        group.deleted = False
        group.subject, group.members = subject, members
        group.users = {user: group.users.get(user, login) for user, login in users.items()}

    def _subject(self, rows: list[StagedRow]) -> str | None:
        """The highest subject of `rows`; None means all subjects, as does any text that is no subject."""
        named = (self.subjects.get(fold(row.subject)) for row in rows if row.subject is not None)
        return max(filter(None, named), key=self._subject_id, default=None)

    def _subject_id(self, subject: str) -> int:
        later = len(_SUBJECT_IDS) + 1 + self.known.subjects.index(subject)
        return _SUBJECT_IDS.get(subject.lower(), later)

    def _key(self, school: str, name: str, year: int) -> GroupKey:
        return fold(school), fold(name), year


def _users(rows: list[StagedRow]) -> dict[str, str]:
    """The logins of `rows` by their fold; of equal ones the first spelling (160, 161)."""
    users: dict[str, str] = {}
    for row in rows:
        if row.login is not None:
            users.setdefault(fold(row.login), row.login)
    return users
