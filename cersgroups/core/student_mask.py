"""Sentences that are kept or sent name no student: records outlive the files, and mails go anywhere."""

import re

_KEY_OF_STUDENT = re.compile(r"the key (?:(?!the key ).)+? \(([^()]*student_id[^()]*)\)")
_LISTED_STUDENTS = re.compile(r"(chosen students is in the roster) \([^)]*\)")
"""As the build said it once; records may still say so."""

_SSID = re.compile(
    r"the key (?:(?!the key |[.:;] ).)+? \((?:(?!ssid)[a-z_]+)(?:, (?!ssid)[a-z_]+)*\)"
    r"|the chosen (?!students )[a-z ]+ is in the roster \([^)]*\)"
    r"|\b(?:staff_id|teacher_number|section_id|seid|SEID)(?: is)? ['\"]?\d{10}\b"
    r"|(?P<ssid>\b\d{10}\b)"
)
"""Ten digits; numbers of staff and of sections may have as many, and are what their sentences are about."""

_SOURCED_ID = re.compile(
    r"(?P<before>\bsourcedId )(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<of>\bthe \S+ of )['\"].*?(?= has [\d,]+ characters)"
)
_COLLECTION = re.compile(
    r"\b(orgs|academicSessions|courses|classes|users|roles|userProfiles|enrollments|demographics)(?:\.csv)?(?=[,:])",
    re.IGNORECASE,
)
_OF_NOBODY = frozenset({"orgs", "academicsessions", "courses", "classes"})


def without_students(text: str) -> str:
    """The sentence without SSIDs, keys and sourcedIds of students' rows, and ids of a list of students.

    The sourcedId of a user or of an enrollment may be a student's, or hold one.
    """
    text = _KEY_OF_STUDENT.sub(r"a key (\1)", _LISTED_STUDENTS.sub(r"\1", text))
    text = _SOURCED_ID.sub(_masked, text)
    return _SSID.sub(lambda found: "(an SSID)" if found["ssid"] else found[0], text)


def _masked(found: re.Match[str]) -> str:
    """Unless the row, by the collection that was named last before it, is that of a school, a class or the like."""
    named = _COLLECTION.findall(found.string[: found.start()])
    if named and named[-1].casefold() in _OF_NOBODY:
        return found[0]
    return f"{found['before'] or found['of']}(not shown)"
