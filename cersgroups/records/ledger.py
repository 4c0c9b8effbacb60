"""A ledger's record: what CERS holds for the LEA since one part of an upload was accepted. The newest one counts."""

from pathlib import Path

from django.db import models

from cersgroups.records.folder import ledger_folder


class Ledger(models.Model):
    """Its files never change. `part`: the file that was accepted last; None once its upload is removed."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="ledgers")
    part = models.OneToOneField("records.UploadPart", null=True, on_delete=models.SET_NULL, related_name="ledger_after")
    created_at = models.DateTimeField(auto_now_add=True)
    groups = models.BigIntegerField()
    students = models.BigIntegerField()
    users = models.BigIntegerField()
    files_removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"ledger {self.pk}"

    @property
    def folder(self) -> Path:
        return ledger_folder(self.lea_id, self.pk)


def current_ledger(lea_id: int) -> Ledger | None:
    """What CERS holds now, as far as we know; in the LEA's scope."""
    return Ledger.objects.filter(lea_id=lea_id).first()
