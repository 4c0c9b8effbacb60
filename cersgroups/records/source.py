"""A source: a configured connection to a SIS, or files that people upload (features H2 to H5)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cersgroups.core.schedule import Schedule
from cersgroups.records.lea import Lea
from cersgroups.records.seal import seal, unseal

UPLOAD_KIND = "upload"
"""Of the source that stands for uploaded files; all others are live."""


class Source(models.Model):
    """`settings` are those of its kind without the secrets, which are in `sealed` and never shown again.

    `mapping` is the TOML text that says where an uploaded OneRoster export keeps SSID, SEID and CDS; blank: found by
    counting. `nightly`: synced on `days` at `time` by the LEA's clock, everything planned until `since` is settled.
    `before_runs`: synced before each run of the scheduled process. The source with one of the two is the one that the
    LEA's roster comes from. `checks` came of the last test of the connection, which `check_wanted_at` asked for.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=32, default=UPLOAD_KIND)
    name = models.CharField(max_length=255)
    mapping = models.TextField(blank=True)
    settings = models.JSONField(default=dict, blank=True)
    sealed = models.TextField(blank=True)
    nightly = models.BooleanField(default=False)
    before_runs = models.BooleanField(default=False)
    days = ArrayField(models.SmallIntegerField(), default=list)
    time = models.TimeField(null=True)
    since = models.DateTimeField(null=True)
    check_wanted_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checks = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "source"
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=["lea", "name"], name="one_source_per_name"),
            models.UniqueConstraint(
                fields=["lea"], condition=Q(nightly=True) | Q(before_runs=True), name="one_source_by_itself"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it can be asked for a roster."""
        return self.kind != UPLOAD_KIND

    @property
    def being_checked(self) -> bool:
        """Whether a test of the connection was asked for and has not ended."""
        return self.check_wanted_at is not None

    def keep(self, secrets: dict[str, str]) -> None:
        """Seal the secret settings into the record, which is then to be saved."""
        self.sealed = seal(self.lea_id, secrets)

    def secrets(self) -> dict[str, str]:
        """What was kept. Raises DataStop if our keys do not open them."""
        return unseal(self.lea_id, self.sealed) if self.sealed else {}

    def schedule(self, lea: Lea) -> Schedule | None:
        """The nightly plan by the LEA's clock, as its time zone is now; None while it is off."""
        if not self.nightly or self.time is None:
            return None
        return Schedule(frozenset(self.days), self.time, lea.zone)
