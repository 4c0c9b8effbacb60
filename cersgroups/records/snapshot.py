"""A snapshot's record: its files lie in the data folder (folder.py) and never change."""

from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cersgroups.core.state import TRANSITIONS, check_transition, is_waiting
from cersgroups.records.folder import received_folder, snapshot_folder

OCCASIONS = ("upload", "person", "night", "run", "command")
KEPT_FOR = timedelta(days=7)
"""So long an uploaded OneRoster export stays once it is converted, for whoever sees that the mapping was wrong."""


class Snapshot(models.Model):
    """`counts` by table, `finding_counts` by code, `schools` as rows of the roster, `why` it failed.

    `mapping` is the TOML text it was converted with; `made_current_at` orders what `go_back` goes back to.

    `occasion` says how it came: uploaded, or a sync that a person, the night, a run or a command asked for;
    `occurrence` is the identity of a sync that is to be there once: the local date and time meant, or the run.
    `stops` say why a fetched one is held, `compared_with` is what was current then. `told` are the addresses that are
    done with, `quiet` if nobody is to be told. `received_until`: so long what was uploaded stays although it is
    converted (jobs/received.py); None once it is gone. `counted`: what is in an uploaded OneRoster export
    (actions/mapping.py), for as long as it stays; None if nobody has looked.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="snapshots")
    source = models.ForeignKey("records.Source", null=True, on_delete=models.SET_NULL, related_name="snapshots")
    made_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    occasion = models.CharField(max_length=16, choices=[(o, o) for o in OCCASIONS], default="upload")
    occurrence = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    mapping = models.TextField(blank=True)
    state = models.CharField(max_length=16, choices=[(s, s) for s in TRANSITIONS["snapshot"]], default="queued")
    progress = models.FloatField(default=0)
    message = models.CharField(max_length=255, blank=True)
    why = models.TextField(blank=True)
    kind = models.CharField(max_length=64, blank=True)
    lea_code = models.CharField(max_length=255, blank=True)
    lea_name = models.CharField(max_length=255, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    school_year = models.IntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    finding_counts = models.JSONField(default=dict)
    schools = models.JSONField(default=list)
    made_current_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    stops = ArrayField(models.TextField(), default=list)
    compared_with = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    told = ArrayField(models.CharField(max_length=254), default=list)
    quiet = models.BooleanField(default=False)
    files_removed_at = models.DateTimeField(null=True)
    received_until = models.DateTimeField(null=True)
    counted = models.JSONField(null=True)

    class Meta:
        db_table = "snapshot"
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["lea", "occasion", "occurrence"],
                condition=~models.Q(occurrence=""),
                name="one_sync_per_occurrence",
            ),
        )

    def __str__(self) -> str:
        return f"snapshot {self.pk} ({self.state})"

    @property
    def fetched(self) -> bool:
        """Whether it came of a sync, not of uploaded files."""
        return self.occasion != "upload"

    def age_days(self, now: datetime) -> int:
        """How many whole days ago it was taken from its source."""
        return max(0, (now - (self.taken_at or self.created_at)).days)

    @property
    def converted(self) -> bool:
        """Whether the record says what is in it; whether or not its files are there still."""
        return self.state in ("ready", "held")

    @property
    def stored(self) -> bool:
        """Whether its files are there, whether or not it may be used without a person's yes."""
        return self.converted and self.files_removed_at is None

    @property
    def is_oneroster(self) -> bool:
        """Whether it is of a OneRoster export, of which a mapping says where the numbers are."""
        return self.kind.startswith("oneroster")

    def keeps_upload(self, now: datetime) -> bool:
        """Whether the files as they were uploaded still lie in `received`, to be converted with another mapping.

        For no student's data is kept twice without need, and an export holds more of them than a roster.
        """
        if self.fetched or self.files_removed_at is not None:
            return False
        return self.state == "failed" or (self.received_until is not None and now < self.received_until)

    @property
    def waiting(self) -> bool:
        """Whether a job still has to do something about it."""
        return is_waiting("snapshot", self.state)

    @property
    def folder(self) -> Path:
        """Where its files are once it is ready."""
        return snapshot_folder(self.lea_id, self.pk)

    @property
    def received(self) -> Path:
        """Where the roster lies as it was received, until it is converted (see keeps_upload)."""
        return received_folder(self.lea_id, self.pk)

    def become(self, state: str) -> None:
        """Take the next state. Raises ValueError for a transition that is not in core/state.py."""
        check_transition("snapshot", self.state, state)
        self.state = state
