"""The message of the receiver's import record: the results in one text, as the API answers it."""

import re
from collections.abc import Sequence

from cersgroups.cers.verdict import Result

MAX_RESULTS = 100
"""Results told one by one; the rest is only counted (vectors 340-342, 348)."""

MAX_BYTES = 65_535
"""The width of the message column; a longer one breaks the answer itself (vector 349)."""

_FAILURE = re.compile(r"Row: (\d{1,18}) Failure: ", re.ASCII)
_REST = re.compile(r"With \d+ additional (?:validation failures|schools)")


def failure_message(results: Sequence[Result]) -> str:
    lines = [f"Row: {result.row} Failure: {result.message}" for result in results[:MAX_RESULTS]]
    return _with_rest(lines, len(results), "validation failures")


def success_message(results: Sequence[Result]) -> str:
    return _with_rest([result.message for result in results[:MAX_RESULTS]], len(results), "schools")


def fits(message: str) -> bool:
    """Whether the database can store `message`: 65,535 bytes, and no character outside three-byte UTF-8."""
    return len(message.encode(errors="surrogatepass")) <= MAX_BYTES and all(c <= "\uffff" for c in message)


def results_of(message: str) -> list[Result]:
    """The results that `message` tells, one by one; a value in it may go over several lines.

    A line without row, such as a success or the count of the rest, is a result of row 0.
    """
    results: list[Result] = []
    for line in message.split("\n") if message else []:
        if found := _FAILURE.match(line):
            results.append(Result(int(found[1]), False, line[found.end() :]))
        elif _REST.fullmatch(line):
            results.append(Result(0, not results or results[-1].ok, line))
        elif results and not results[-1].ok:
            last = results.pop()
            results.append(Result(last.row, False, f"{last.message}\n{line}"))
        else:
            results.append(Result(0, True, line))
    return results


def _with_rest(lines: list[str], count: int, what: str) -> str:
    if count > MAX_RESULTS:
        lines.append(f"With {count - MAX_RESULTS} additional {what}")
    return "\n".join(lines)
