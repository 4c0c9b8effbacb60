"""A snapshot's record: its files lie in the data folder (folder.py) and never change."""

from pathlib import Path

from django.db import models

from cersgroups.core.state import TRANSITIONS, check_transition
from cersgroups.records.folder import received_folder, snapshot_folder


class Snapshot(models.Model):
    """`counts` by table, `finding_counts` by code, `schools` as rows of the roster, `why` it failed.

    `mapping` is the TOML text it was converted with; `made_current_at` orders what `go_back` goes back to.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="snapshots")
    source = models.ForeignKey("records.Source", null=True, on_delete=models.SET_NULL, related_name="snapshots")
    made_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
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

    class Meta:
        db_table = "snapshot"
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"snapshot {self.pk} ({self.state})"

    @property
    def folder(self) -> Path:
        """Where its files are once it is ready."""
        return snapshot_folder(self.lea_id, self.pk)

    @property
    def received(self) -> Path:
        """Where the roster lies as it was received, until it is converted."""
        return received_folder(self.lea_id, self.pk)

    def become(self, state: str) -> None:
        """Take the next state. Raises ValueError for a transition that is not in core/state.py."""
        check_transition("snapshot", self.state, state)
        self.state = state
