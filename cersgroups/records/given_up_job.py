"""How many jobs of each kind were given up: the jobs themselves do not stay in the queue (jobs/rescue.py)."""

from django.db import models


class GivenUpJob(models.Model):
    """`count` only grows. It has no LEA: what became of an LEA's own things stands in their records."""

    task = models.CharField(max_length=255, unique=True)
    count = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "given_up_job"
        ordering = ("task",)

    def __str__(self) -> str:
        return f"{self.task}: {self.count}"
