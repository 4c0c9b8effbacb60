"""A file with a list of students, as text: what spreadsheet programs save, in whatever encoding."""

from cersgroups.core.error import RequestStop

_ZIP, _OLD_OFFICE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
MOST_BYTES = 5 * 1024**2
"""A table of all students of a large district."""


def text_of(file: bytes) -> str:
    """The text of an uploaded file. Raises RequestStop for what is none, or too long."""
    if len(file) > MOST_BYTES:
        raise RequestStop("The file is larger than 5 MB. Save the columns with the IDs alone, and add that.")
    if file.startswith((_ZIP, _OLD_OFFICE)):
        raise RequestStop(
            "This is a spreadsheet or a zip file, not a CSV. In the spreadsheet program, save it as CSV, and add that."
        )
    if not file.startswith(_PDF):
        text = _decoded(file)
        if "\0" not in text:
            return text
    raise RequestStop("This is no text. Choose a CSV or text file with the students' IDs.")


def _decoded(file: bytes) -> str:
    for encoding in ("utf-16", "utf-8-sig", "cp1252"):
        if encoding == "utf-16" and not file.startswith(_UTF16):
            continue
        try:
            return str(file, encoding)
        except UnicodeDecodeError:
            continue
    return str(file, "latin-1")
