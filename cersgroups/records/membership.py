"""What a person may do in one LEA (levels: core/permission.py)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cersgroups.core.permission import LEVELS


class Membership(models.Model):
    """`school_ids` None: all schools; empty: none."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey("records.Person", on_delete=models.CASCADE, related_name="memberships")
    level = models.CharField(max_length=16, choices=[(level, level) for level in LEVELS])
    school_ids = ArrayField(models.CharField(max_length=255), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "membership"
        constraints = (models.UniqueConstraint(fields=["lea", "person"], name="one_membership_per_lea"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.level} in {self.lea_id}"
