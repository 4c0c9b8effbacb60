"""The audit log: who did what, and who read students' data. Rows are only ever added (the database sees to it)."""

from django.db import models


class AuditEntry(models.Model):
    """`actor` None: the system itself (a job). `object` such as `profile 17`; `detail` never holds student data.

    `door`: page, API, job or command; blank in entries that are older than this column.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    actor_email = models.CharField(max_length=254, blank=True)
    action = models.CharField(max_length=64)
    object = models.CharField(max_length=255)
    detail = models.JSONField(default=dict)
    door = models.CharField(max_length=8, blank=True)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        db_table = "audit_entry"
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["lea", "-at"], name="audit_by_time"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_email} {self.action} {self.object}"
