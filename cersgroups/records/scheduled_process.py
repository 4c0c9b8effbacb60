"""The LEA's scheduled process (its weekly plan) and the runs of it."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cersgroups.core.schedule import Schedule
from cersgroups.core.state import TRANSITIONS, check_transition, is_waiting
from cersgroups.records.lea import Lea


class ScheduledProcess(models.Model):
    """`days` by number (core/schedule.py), `time` by the LEA's clock; everything planned until `since` is settled."""

    lea = models.OneToOneField("records.Lea", on_delete=models.CASCADE, related_name="+")
    days = ArrayField(models.SmallIntegerField())
    time = models.TimeField()
    emails = ArrayField(models.CharField(max_length=254))
    upload = models.BooleanField(default=False)
    enabled = models.BooleanField(default=False)
    since = models.DateTimeField()
    last_processed = models.DateTimeField(null=True)
    changed_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "scheduled_process"

    def __str__(self) -> str:
        return f"scheduled process of {self.lea_id}"

    def schedule(self, lea: Lea) -> Schedule:
        """The plan by the LEA's clock, as its time zone is now."""
        return Schedule(frozenset(self.days), self.time, lea.zone)


class ScheduledRun(models.Model):
    """One run. `occurrence` is its identity within the LEA: the local date and time meant, or `now` and the moment of
    Run now, which `started_by` asked for.

    `outcome` is what it ends as once people are told, `why` the sentence for it (of a stop, a failure, a miss).
    `sync` fetches the roster first; `roster_note` says that it did not go well and what is used instead.
    `left_out` are the profiles of another school year. `told` are the addresses that are done with, `unreachable` those
    of them that the mail server refuses; `mail_fault` is why people were not told.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    occurrence = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    started_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    upload_wanted = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=[(s, s) for s in TRANSITIONS["run"]], default="queued")
    outcome = models.CharField(max_length=16, blank=True)
    why = models.TextField(blank=True)
    sync = models.ForeignKey("records.Snapshot", null=True, on_delete=models.SET_NULL, related_name="+")
    roster_note = models.TextField(blank=True)
    left_out = models.JSONField(default=list)
    told = ArrayField(models.CharField(max_length=254), default=list)
    unreachable = ArrayField(models.CharField(max_length=254), default=list)
    telling_since = models.DateTimeField(null=True)
    mail_fault = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "scheduled_run"
        ordering = ("-due_at", "-id")
        constraints = (models.UniqueConstraint(fields=["lea", "occurrence"], name="one_run_per_occurrence"),)

    def __str__(self) -> str:
        return f"run {self.pk} of {self.occurrence} ({self.state})"

    @property
    def waiting(self) -> bool:
        """Whether a job still has to do something about it."""
        return is_waiting("run", self.state)

    @property
    def by_hand(self) -> bool:
        """Whether a person said Run now."""
        return self.started_by_id is not None

    @property
    def late(self) -> timedelta:
        """How long after its moment it began."""
        return self.created_at - self.due_at

    def become(self, state: str) -> None:
        """Take the next state. Raises ValueError for a transition that is not in core/state.py."""
        check_transition("run", self.state, state)
        self.state = state
