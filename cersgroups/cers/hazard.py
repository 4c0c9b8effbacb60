"""The hazards of single records: one kind is one function, with its sentence and where it was observed."""

import re
import unicodedata

from cersgroups.cers.collation import fold
from cersgroups.cers.hazard_kind import Memory, Record, Spellings, UserList, rule
from cersgroups.cers.java_text import strip_to_none
from cersgroups.core.student_group import CDS_CODE, HEADER, MAX_USERS_BYTES, SSID

EMAIL = re.compile(r"[!#-+\--?A-\[\]-~]+@[!#-+\--?A-\[\]-~]+")
"""Printable ASCII without space, comma, quote and backslash, and one @ with text on both sides."""


@rule("backslash", "There is a backslash in {value}.", "Remove it: the loader reads it as an escape.", "073-085")
def backslash(record: Record, _: Memory) -> str | None:
    return next((value for value in record.fields if "\\" in value), None)


@rule(
    "control_character",
    "There is a control or invisible character in {value}; it is stored as it is.",
    "Remove it.",
    "055, 106-108, 110, 112, 118, 125, 130, 132",
)
def control_character(record: Record, _: Memory) -> str | None:
    """A blank at an end counts too: the loader takes away spaces, and no other blanks."""
    suspects = (value for value in record.fields if not (value.isascii() and value.isprintable()))
    return next((v for v in suspects if any(map(_is_invisible, v)) or v.strip(" ") != v.strip()), None)


@rule(
    "value_changed",
    "The loader reads {value}.",
    "Write the value without NULL, quotes and escapes.",
    "082, 088, 089",
)
def value_changed(record: Record, _: Memory) -> str | None:
    if record.staged is None:
        return None
    for column, read, stored in zip(HEADER, record.fields, record.staged.as_list(), strict=False):
        if column != "school_year" and read.strip(" ") != (stored or ""):
            return f"{stored!r} where {column} is {read!r}"
    return None


@rule("fields", "The row has {value} fields.", "Write six.", "022, 040-043")
def six_fields(record: Record, _: Memory) -> str | None:
    return None if len(record.fields) == len(HEADER) else str(len(record.fields))


@rule(
    "name_invisible",
    "The group name {value} looks blank.",
    "Give the group a name that can be seen.",
    "110",
)
def name_invisible(record: Record, _: Memory) -> str | None:
    return None if fold(record[0]) else record[0]


@rule(
    "school_not_a_cds_code",
    "The school {value} is no 14-digit CDS code.",
    "Write the county-district-school code with its leading zeros.",
    "114, 115, 246, 247",
)
def school_not_a_cds_code(record: Record, _: Memory) -> str | None:
    return None if CDS_CODE.fullmatch(record[1]) else record[1]


@rule(
    "subject_missing",
    "The row has no subject; the group may come to show all subjects.",
    "Write the subject on every row (All, if all are meant).",
    "118-122, 218-231",
)
def subject_missing(record: Record, _: Memory) -> str | None:
    return None if strip_to_none(record[3]) else ""


@rule(
    "subject_not_trimmed",
    "There are blanks around the subject {value} that only the check removes; the group comes to show all subjects.",
    "Write the subject alone.",
    "118, 119",
)
def subject_not_trimmed(record: Record, _: Memory) -> str | None:
    """The loader takes away spaces and no other blanks."""
    subject = record[3].strip(" ")
    return subject if subject != (strip_to_none(subject) or "") else None


@rule(
    "ssid_not_ten_digits",
    "The SSID {value} has not ten digits; a student who does not exist is created.",
    "Write the ten digits, or leave the SSID blank.",
    "125, 127, 162, 175, 287, 288",
)
def ssid_not_ten_digits(record: Record, _: Memory) -> str | None:
    ssid = record[4].strip(" ")
    return ssid if ssid and not SSID.fullmatch(ssid) else None


@rule(
    "login_not_an_email",
    "The login {value} is no e-mail address; it will match nobody.",
    "Write one address per row, in plain ASCII.",
    "041, 054, 130, 132, 285, 286",
)
def login_not_an_email(record: Record, _: Memory) -> str | None:
    login = record[5].strip(" ")
    return login if login and not EMAIL.fullmatch(login) else None


@rule(
    "names_equal",
    "{value} are one group to the database: their students and users are put together.",
    "Give them names that differ by more than case, accents, spaces at the ends and width.",
    "102-112, 141-159, 228, 268",
)
def names_equal(record: Record, memory: Memory) -> str | None:
    """Said once of each further spelling."""
    return memory.names.setdefault(record.key, Spellings(record[0])).add(record[0])


@rule(
    "logins_equal",
    "{value} are one user to the database: only the first spelling is kept.",
    "Write the login always the same way.",
    "160, 161",
)
def logins_equal(record: Record, memory: Memory) -> str | None:
    """Said once of each further spelling in a group."""
    if not (login := record.login):
        return None
    return memory.logins.setdefault((record.key, fold(login)), Spellings(login)).add(login)


@rule(
    "users_too_long",
    f"The users of the group {{value}} have over {MAX_USERS_BYTES:,} bytes together: "
    "it can be sent once, and every later file that names it fails.",
    "Split the group or take users out.",
    "325-327",
)
def users_too_long(record: Record, memory: Memory) -> str | None:
    """Said once, of the row that goes beyond."""
    users = memory.users.setdefault(record.key, UserList())
    before = users.bytes
    if record.login:
        users.add(record.login)
    return record[0] if before <= MAX_USERS_BYTES < users.bytes else None


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")
