"""The upload of a run: where the scheduled process meets the delivery."""

from dataclasses import dataclass
from typing import Literal

from cersgroups.core.error import RequestStop
from cersgroups.records.scheduled_process import ScheduledRun


@dataclass(frozen=True)
class UploadResult:
    """What the run ends as, why, the receiver's messages and what changes (name and count)."""

    outcome: Literal["done", "stopped", "failed"]
    why: str = ""
    messages: tuple[str, ...] = ()
    changes: tuple[tuple[str, int], ...] = ()


def upload_of_run(run: ScheduledRun) -> None:  # noqa: ARG001 - uploads come with delivery
    """Have the run's extract uploaded; in the transaction of the run's step. Raises RequestStop if it cannot be."""
    raise RequestStop("Uploads to CERS are switched off for this LEA.")


def upload_result(run: ScheduledRun) -> UploadResult | None:  # noqa: ARG001 - uploads come with delivery
    """None while the upload goes on, and if there is none."""
    return None
