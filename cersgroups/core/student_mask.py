"""Sentences that are kept or sent name no student: records outlive the files, and mails go anywhere."""

import re

_SSID = re.compile(r"\b\d{10}\b")
_KEY_OF_STUDENT = re.compile(r"the key (?:(?!the key ).)+? \(([^()]*student_id[^()]*)\)")
_LISTED_STUDENTS = re.compile(r"(chosen students is in the roster) \([^)]*\)")
"""As the build said it once; records may still say so."""


def without_students(text: str) -> str:
    """The sentence without SSIDs, keys of students' rows, and ids of a list of students, that it may name."""
    text = _KEY_OF_STUDENT.sub(r"a key (\1)", _LISTED_STUDENTS.sub(r"\1", text))
    return _SSID.sub("(an SSID)", text)
