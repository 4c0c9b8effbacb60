"""Says what the receiver would answer to a file, and what it would garble without a word."""

from pathlib import Path

from cersgroups.cers.checker import check
from cersgroups.cers.clean_file import verdict_if_clean
from cersgroups.cers.hazard_search import hazards_of
from cersgroups.cers.known import Known
from cersgroups.cers.verdict import Verdict
from cersgroups.core.error import RequestStop

__all__ = ["Known", "Verdict", "read", "validate", "validate_exactly", "validate_file"]


def validate(content: bytes, known: Known) -> Verdict:
    """The receiver's verdict on `content`, with its messages, and the hazards of an accepted file."""
    return verdict_if_clean(content, known) or validate_exactly(content, known)


def validate_exactly(content: bytes, known: Known) -> Verdict:
    """The same as `validate`, record by record; for files that are not clean."""
    verdict = check(content, known)
    if not verdict.ok or verdict.newline is None:
        return verdict
    hazards = hazards_of(content, verdict.newline)
    return Verdict(verdict.ok, verdict.results, verdict.newline, None, hazards)


def validate_file(path: Path, known: Known) -> Verdict:
    """Validate the file at `path`. Raises RequestStop if it cannot be read."""
    return validate(read(path), known)


def read(path: Path) -> bytes:
    """The bytes of the file at `path`. Raises RequestStop, naming it, if it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise RequestStop(f"{path}: there is no such file. Give the path of a student groups file.") from None
    except OSError as e:
        raise RequestStop(f"{path}: cannot be read ({e.strerror}). Give the path of a student groups file.") from None
