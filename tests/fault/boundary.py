"""Where a worker is killed: before and after each step of delivery, and of the run, the build and the queue around it.

A step is a function of the product, by module and name. Those that write end with their commit; `publish` stands inside
of a transaction, after the files and before the record.
"""

from dataclasses import dataclass
from typing import Literal

When = Literal["before", "after"]

STEPS = (
    "cersgroups.jobs.due:_do",
    "cersgroups.jobs.scheduled_run:_step",
    "cersgroups.jobs.scheduled_run:build_extract_of_run",
    "cersgroups.jobs.scheduled_run:upload_of_run",
    "cersgroups.jobs.scheduled_run:tell",
    "cersgroups.jobs.run_mail:_tell_one",
    "cersgroups.jobs.run_mail:send_mail",
    "cersgroups.jobs.scheduled_run:_end",
    "cersgroups.jobs.extract:_take",
    "cersgroups.jobs.extract:_build",
    "cersgroups.jobs.extract:publish",
    "cersgroups.jobs.extract:_close",
    "cersgroups.jobs.extract:_finish",
    "cersgroups.jobs.upload:_take",
    "cersgroups.jobs.upload_preparation:_compare",
    "cersgroups.jobs.upload_preparation:part_files",
    "cersgroups.jobs.upload_preparation:publish",
    "cersgroups.jobs.upload_preparation:_publish",
    "cersgroups.jobs.upload_part:_begin",
    "cersgroups.cers.client:Client.send",
    "cersgroups.cers.client:Client.status",
    "cersgroups.jobs.upload_part:_write_fault",
    "cersgroups.jobs.upload_part:_write_answer",
    "cersgroups.engine.ledger:apply",
    "cersgroups.jobs.ledger:publish",
    "cersgroups.jobs.upload_part:write_ledger",
    "cersgroups.jobs.upload:finish",
    "procrastinate.manager:JobManager.finish_job",
    "procrastinate.manager:JobManager.retry_job",
)


@dataclass(frozen=True)
class Boundary:
    """Before or after a step."""

    step: str
    when: When

    def __str__(self) -> str:
        return f"{self.when} {self.step.split('.', 1)[1]}"


BOUNDARIES = [Boundary(step, when) for step in STEPS for when in ("before", "after")]

FEW = [
    Boundary("cersgroups.jobs.extract:publish", "after"),
    Boundary("cersgroups.jobs.upload_part:_begin", "after"),
    Boundary("cersgroups.cers.client:Client.send", "after"),
    Boundary("cersgroups.jobs.ledger:publish", "after"),
    Boundary("cersgroups.jobs.upload:finish", "before"),
    Boundary("cersgroups.jobs.scheduled_run:upload_of_run", "after"),
    Boundary("cersgroups.jobs.upload_preparation:publish", "after"),
    Boundary("cersgroups.jobs.run_mail:_tell_one", "before"),
]
"""The ones of which each leaves something else half done."""
