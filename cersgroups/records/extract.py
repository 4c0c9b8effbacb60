"""An extract's record, the profiles it was made of (as they were then) and its findings by code."""

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cersgroups.core import profile as core_profile
from cersgroups.core.finding import Finding
from cersgroups.core.state import TRANSITIONS, check_transition
from cersgroups.records.folder import extract_folder


class Extract(models.Model):
    """`progress` 0 to 1 with `message`; `files` are names in `folder`; `why` says why there is no file.

    `run`: the run of the scheduled process that it was made for.
    `batch`: the first of the extracts that were asked for together; `upload_fault` why they were not uploaded although
    `upload_wanted`.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="extracts")
    snapshot = models.ForeignKey("records.Snapshot", on_delete=models.PROTECT, related_name="extracts")
    created_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=255)
    as_of = models.DateField()
    consolidated = models.BooleanField(default=False)
    school_ids = ArrayField(models.CharField(max_length=255), default=list)
    state = models.CharField(max_length=16, choices=[(s, s) for s in TRANSITIONS["extract"]], default="queued")
    progress = models.FloatField(default=0)
    message = models.CharField(max_length=255, blank=True)
    files = models.JSONField(default=list)
    records = models.BigIntegerField(default=0)
    groups = models.BigIntegerField(default=0)
    students = models.BigIntegerField(default=0)
    users = models.BigIntegerField(default=0)
    why = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)
    run = models.OneToOneField("records.ScheduledRun", null=True, on_delete=models.SET_NULL, related_name="extract")
    batch = models.BigIntegerField(null=True)
    upload_wanted = models.BooleanField(default=False)
    upload_fault = models.TextField(blank=True)
    files_removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "extract"
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return f"extract {self.pk} ({self.state})"

    @property
    def folder(self) -> Path:
        """Where its files and findings.csv are once it is done or failed for want of groups."""
        return extract_folder(self.lea_id, self.pk)

    @property
    def waiting(self) -> bool:
        return self.state in ("queued", "building")

    def become(self, state: str) -> None:
        """Take the next state. Raises ValueError for a transition that is not in core/state.py."""
        check_transition("extract", self.state, state)
        self.state = state


class ExtractProfile(models.Model):
    """One profile of an extract: its name, content and version as they were; `profile` None once it is deleted."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    extract = models.ForeignKey("records.Extract", on_delete=models.CASCADE, related_name="profiles")
    profile = models.ForeignKey("records.Profile", null=True, on_delete=models.SET_NULL, related_name="extracts")
    name = models.CharField(max_length=255)
    content = models.JSONField()
    version = models.IntegerField()

    class Meta:
        db_table = "extract_profile"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    def meaning(self) -> core_profile.Profile:
        """The content as the engine takes it. Raises RequestStop if it is not valid (any more)."""
        return core_profile.from_mapping(self.content, source=self.name)


class ExtractFinding(models.Model):
    """How many rows of one code; the rows themselves are in findings.csv in the extract's folder."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    extract = models.ForeignKey("records.Extract", on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=64)
    count = models.BigIntegerField()

    class Meta:
        db_table = "extract_finding"
        constraints = (models.UniqueConstraint(fields=["extract", "code"], name="one_count_per_code"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.count}"

    @property
    def finding(self) -> Finding:
        """With its sentence, severity and advice."""
        return Finding(self.code, self.count)
