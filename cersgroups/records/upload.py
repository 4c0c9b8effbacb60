"""An upload's record, and those of its parts: the files that are sent, one after the other."""

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cersgroups.core.state import TRANSITIONS, check_transition, is_waiting
from cersgroups.records.folder import upload_folder
from cersgroups.records.stored_folder import fetched

PART_STATES = ("waiting", "sending", "accepted", "done", "refused")
"""Sending: its bytes may have reached CERS. Accepted: CERS took it and does not say what became of it."""

LONGEST_IMPORT_ID, LONGEST_STATUS = 64, 32


class Upload(models.Model):
    """`extract` None: it only empties groups, those of `retire_year`, else those of deleted profiles.

    `figures` are the counts of the difference with `ledger`; `stops` are the sentences why a person must say yes, which
    holds as long as that ledger is the current one. `failures` in a row, of the software; a killed worker's among them.
    `more_school_ids`: schools that it empties groups of beyond those of its extract; of one no longer in the roster the
    CDS code. `told`: who has got the mail that it waits.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="uploads")
    extract = models.ForeignKey("records.Extract", null=True, on_delete=models.PROTECT, related_name="uploads")
    retire_year = models.IntegerField(null=True)
    by_hand = models.BooleanField(default=False)
    look_first = models.BooleanField(default=False)
    created_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=16, choices=[(s, s) for s in TRANSITIONS["upload"]], default="queued")
    why = models.TextField(blank=True)
    figures = models.JSONField(default=dict)
    stops = models.JSONField(default=list)
    ledger = models.ForeignKey("records.Ledger", null=True, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    more_school_ids = ArrayField(models.CharField(max_length=255), default=list)
    told = ArrayField(models.CharField(max_length=254), default=list)
    failures = models.IntegerField(default=0)
    files_removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "upload"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"upload {self.pk} ({self.state})"

    @property
    def folder(self) -> Path:
        """Where its parts and difference.csv are once it is prepared."""
        return upload_folder(self.lea_id, self.pk)

    @property
    def waiting(self) -> bool:
        """Whether a job still has to do something about it."""
        return is_waiting("upload", self.state)

    def become(self, state: str) -> None:
        """Take the next state. Raises ValueError for a transition that is not in core/state.py."""
        check_transition("upload", self.state, state)
        self.state = state


class UploadPart(models.Model):
    """One file: an attempt to send it is in the record before the request leaves. `variation` 0: as it was built.

    `digest` is the MD5 in upper-case hex, as the receiver shows it; `message` is the receiver's own.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    upload = models.ForeignKey("records.Upload", on_delete=models.CASCADE, related_name="parts")
    credential = models.ForeignKey("records.Credential", null=True, on_delete=models.SET_NULL, related_name="+")
    number = models.IntegerField()
    retires = models.BooleanField(default=False)
    file = models.CharField(max_length=255)
    size = models.BigIntegerField()
    records = models.BigIntegerField()
    digest = models.CharField(max_length=32)
    variation = models.IntegerField(default=0)
    state = models.CharField(max_length=16, choices=[(s, s) for s in PART_STATES], default="waiting")
    tries = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    import_id = models.CharField(max_length=LONGEST_IMPORT_ID, blank=True)
    status = models.CharField(max_length=LONGEST_STATUS, blank=True)
    message = models.TextField(blank=True)

    class Meta:
        db_table = "upload_part"
        ordering = ("upload_id", "number")
        constraints = (models.UniqueConstraint(fields=["upload", "number"], name="one_part_per_number"),)

    def __str__(self) -> str:
        return f"{self.file} ({self.state})"

    @property
    def path(self) -> Path:
        """The file, on this machine. Raises BucketAway."""
        return fetched(upload_folder(self.lea_id, self.upload_id), changes=True) / self.file

    @property
    def ended(self) -> bool:
        return self.state in ("accepted", "done", "refused")
