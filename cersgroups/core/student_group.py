"""A student group as CERS takes it: the file's layout and its limits.

Sources: reference "What CERS does with a student groups file" (docs/receiver.md) and its vectors.
"""

import re

HEADER = (
    "group_name",
    "school_natural_id",
    "school_year",
    "subject_code",
    "student_ssid",
    "group_user_login",
)
SUBJECTS = ("ELA", "Math", "All")

MAX_STUDENTS = 200
"""Rows with an SSID in one group (vectors 260-268)."""

MAX_ROWS = 1_000_000
"""Rows in one file (vendor FAQ)."""

MAX_USERS_BYTES = 10_000
"""Bytes of the users of one group, joined by commas: more can never be changed again (vectors 325-327)."""

MAX_EMAIL = 255
"""Characters of a user's login (vectors 177, 178)."""

SSID = re.compile(r"[0-9]{10}")
CDS_CODE = re.compile(r"[0-9]{14}")
