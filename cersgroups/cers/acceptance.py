"""No file leaves before it is sure that the receiver takes it as it is meant."""

from collections.abc import Sequence
from pathlib import Path

from cersgroups.cers.validation import Known, validate_file
from cersgroups.core.error import DataStop

_SHOWN = 3


def check_files(files: Sequence[Path], school_year: int) -> None:
    """Validate every file of an extract by the receiver's own rules before anybody sees it.

    Raises DataStop with the receiver's words if it would refuse or garble a file.
    """
    known = Known(schools=None, years=frozenset({school_year}))
    for file in files:
        verdict = validate_file(file, known)
        faults = [f"row {r.row}: {r.message}" for r in verdict.results if not r.ok]
        faults += [f"row {h.row}: {h.message}" for h in verdict.hazards]
        if faults or not verdict.ok:
            sentences = "; ".join(faults[:_SHOWN])
            raise DataStop(f"The file was not written, because CERS would refuse or garble it: {sentences}")
