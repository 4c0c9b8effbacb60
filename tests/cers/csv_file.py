"""Student groups files, written briefly."""

from cersgroups.cers.known import Known
from cersgroups.core.student_group import HEADER

SCHOOL = "99000000000001"
OTHER_SCHOOL = "99000000000002"
KNOWN = Known(frozenset({SCHOOL, OTHER_SCHOOL}), frozenset({2025, 2026}), ("Math", "ELA"))


def row(
    name: str = "Period 1",
    ssid: str = "7000000001",
    login: str = "",
    *,
    school: str = SCHOOL,
    year: str = "2025",
    subject: str = "Math",
) -> str:
    return ",".join((name, school, year, subject, ssid, login))


def ssid(number: int) -> str:
    return f"{7_000_000_000 + number}"


def file(*rows: str, end: str = "\n", header: str = ",".join(HEADER)) -> bytes:
    return "".join(line + end for line in (header, *rows)).encode()
