"""The receiver's check of an uploaded file: its rules, messages, row numbers and their order.

Observed in vectors 001-350; where a rule looks strange, the receiver is.
"""

from collections.abc import Iterable
from itertools import chain

from cersgroups.cers.csv_reader import CsvReader, DuplicateColumn, MalformedCsv, columns_of, decode
from cersgroups.cers.java_text import fold_case
from cersgroups.cers.known import Known
from cersgroups.cers.record_check import NoSuchField, RecordCheck
from cersgroups.cers.verdict import Result, Verdict
from cersgroups.core.student_group import HEADER

_EMPTY = "Empty file"
_HEADERS = f"Invalid headers. Headers must be in order: [{','.join(HEADER)}]"
_NOT_A_CSV = "File does not appear to be a valid CSV with a header row"


def check(content: bytes, known: Known) -> Verdict:
    """The receiver's verdict on `content`, without hazards."""
    reader = CsvReader(decode(content))
    try:
        columns = columns_of(reader.next_record() or [])
    except MalformedCsv as e:
        return _refused([_file_failure(f"Error reading file [{e}]")], None)
    except DuplicateColumn:
        return _refused([_file_failure(_NOT_A_CSV)], None)
    try:
        first = reader.next_record()
    except MalformedCsv as e:
        return _crashed(e, None)
    if first is None:
        return _refused([_file_failure(_EMPTY)], None)
    return _check_records(chain([first], reader), columns, known, _escaped(reader.first_end_of_line))


def _check_records(records: Iterable[list[str]], columns: dict[str, int], known: Known, newline: str) -> Verdict:
    wrong = _wrong_columns(columns)
    if not wrong and len(columns) < len(HEADER):
        count = len(columns)  # vector 018
        message = f"java.lang.IndexOutOfBoundsException: Index {count} out of bounds for length {count}"
        return Verdict(False, (), newline, message)
    failures = [_file_failure(_HEADERS)] if wrong else []
    try:
        results = RecordCheck(columns, known).run(records)
    except MalformedCsv as e:
        return _crashed(e, newline)
    except NoSuchField:
        return _refused([*failures, _file_failure(_NOT_A_CSV)], newline)
    ok = not failures and all(result.ok for result in results)
    return Verdict(ok, (*failures, *results), newline)


def _wrong_columns(columns: dict[str, int]) -> bool:
    """Whether a column stands where another is wanted; missing ones at the end are no matter here."""
    return any(fold_case(wanted) != name for wanted, name in zip(HEADER, columns, strict=False))


def _file_failure(message: str) -> Result:
    return Result(0, False, message)


def _refused(failures: list[Result], newline: str | None) -> Verdict:
    return Verdict(False, tuple(failures), newline)


def _crashed(error: MalformedCsv, newline: str | None) -> Verdict:
    """Vectors 065 and 081: the reader's error leaves the check as an exception."""
    wrapped = f"IOException reading next record: java.io.IOException: {error}"
    return Verdict(False, (), newline, f"java.lang.IllegalStateException: {wrapped}")


def _escaped(end_of_line: str | None) -> str:
    return (end_of_line or "").replace("\r", "\\r").replace("\n", "\\n")
