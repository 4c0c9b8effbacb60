"""Schools of the LEA's current roster, for choosing; replaced when another roster becomes current."""

from django.db import models


class School(models.Model):
    """`school_id` as the roster has it; `number` is what stands in group names."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="schools")
    school_id = models.CharField(max_length=255)
    number = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    cds_code = models.CharField(max_length=255, blank=True)
    active = models.BooleanField(default=True)
    schedule = models.CharField(max_length=32, blank=True)
    tracks_primary_classes = models.BooleanField(default=False)

    class Meta:
        db_table = "school"
        ordering = ("name", "school_id")
        constraints = (models.UniqueConstraint(fields=["lea", "school_id"], name="one_school_per_id"),)

    def __str__(self) -> str:
        return self.name
