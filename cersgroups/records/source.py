"""A source: a configured connection to a SIS, or files that people upload."""

from django.db import models


class Source(models.Model):
    """`mapping` is the TOML text that says where OneRoster keeps SSID, SEID and CDS; blank: found by counting."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=32, default="upload")
    name = models.CharField(max_length=255)
    mapping = models.TextField(blank=True)
    settings = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "source"
        constraints = (models.UniqueConstraint(fields=["lea", "name"], name="one_source_per_name"),)

    def __str__(self) -> str:
        return self.name
