"""An LEA: a district, county office or charter. Its rows are visible in its own scope only (scope.py)."""

from dataclasses import replace
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.db import models

from cersgroups.core.profile import NAME_STYLES, NameStyle, Profile

DEFAULT_TIME_ZONE = "America/Los_Angeles"
DEFAULT_SAFETY_PERCENT = 20
DEFAULT_ROSTER_PERCENT = 10
DEFAULT_ROSTER_DAYS = 7


class Lea(models.Model):
    """`lea_code`, `school_year` and the time zone are those of the current roster; blank before the first one.

    An upload that takes away more than `safety_percent` of the groups, students or users waits for a person's yes; so
    does a fetched roster that lost more than `roster_percent` of the current one. A roster older than `roster_days`
    is told to whoever makes files, and a run whose sync fails makes none of it.
    """

    lea_code = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255)
    time_zone = models.CharField(max_length=64, default=DEFAULT_TIME_ZONE)
    school_year = models.IntegerField(null=True, blank=True)
    current_snapshot = models.ForeignKey(
        "records.Snapshot", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name_style = models.CharField(max_length=16, choices=[(s, s) for s in NAME_STYLES], default=NAME_STYLES[0])
    uploads_enabled = models.BooleanField(default=False)
    safety_percent = models.IntegerField(default=DEFAULT_SAFETY_PERCENT)
    roster_percent = models.IntegerField(default=DEFAULT_ROSTER_PERCENT)
    roster_days = models.IntegerField(default=DEFAULT_ROSTER_DAYS)
    keep_extracts_days = models.IntegerField(null=True, blank=True)
    keep_rosters_days = models.IntegerField(null=True, blank=True)
    keep_ledgers_days = models.IntegerField(null=True, blank=True)
    keep_audit_days = models.IntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "lea"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def now(self) -> datetime:
        """The moment, in the LEA's time zone."""
        return datetime.now(self.zone)

    def today(self) -> date:
        return self.now().date()

    def styled(self, profile: Profile) -> Profile:
        """The profile in the LEA's style of names, which rules whatever a profile's file says.

        CERS replaces by name: the same group under names of two styles would stand there twice.
        """
        return replace(profile, name_style=cast(NameStyle, self.name_style))


def locked_lea(lea_id: int) -> Lea:
    """The LEA's record, which nobody else changes until the transaction ends.

    Whoever also locks a snapshot of it does so afterwards, or two could wait for each other. What refers to the LEA,
    such as the audit log, can still be written.
    """
    return Lea.objects.select_for_update(no_key=True).get(pk=lea_id)


class RemovedLea(models.Model):
    """All that is left of an LEA that was removed (actions/removal.py). `removed_by`: a user of the machine."""

    number = models.BigIntegerField(unique=True)
    removed_at = models.DateTimeField(auto_now_add=True)
    removed_by = models.CharField(max_length=255)

    class Meta:
        db_table = "removed_lea"
        ordering = ("-removed_at",)

    def __str__(self) -> str:
        return f"LEA {self.number}, removed {self.removed_at:%Y-%m-%d}"
