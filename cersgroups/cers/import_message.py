"""The message of the receiver's import record: the results in one text, as the API answers it."""

from collections.abc import Sequence

from cersgroups.cers.verdict import Result

MAX_RESULTS = 100
"""Results told one by one; the rest is only counted (vectors 340-342, 348)."""

MAX_BYTES = 65_535
"""The width of the message column; a longer one breaks the answer itself (vector 349)."""


def failure_message(results: Sequence[Result]) -> str:
    lines = [f"Row: {result.row} Failure: {result.message}" for result in results[:MAX_RESULTS]]
    return _with_rest(lines, len(results), "validation failures")


def success_message(results: Sequence[Result]) -> str:
    return _with_rest([result.message for result in results[:MAX_RESULTS]], len(results), "schools")


def fits(message: str) -> bool:
    """Whether the database can store `message`: 65,535 bytes, and no character outside three-byte UTF-8."""
    return len(message.encode(errors="surrogatepass")) <= MAX_BYTES and all(c <= "\uffff" for c in message)


def _with_rest(lines: list[str], count: int, what: str) -> str:
    if count > MAX_RESULTS:
        lines.append(f"With {count - MAX_RESULTS} additional {what}")
    return "\n".join(lines)
