"""Side files of a live source: roster tables that add, at every sync, what the source does not know (features H4)."""

import zlib

from django.db import models

LARGEST = 64 << 20
"""Bytes of a source's side files together: they are kept in the database, where every backup has them."""


class SideFile(models.Model):
    """One table. `file_name` as it was sent, `content` its CSV text, compressed."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey("records.Source", on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=32)
    file_name = models.CharField(max_length=255)
    size = models.IntegerField()
    content = models.BinaryField()
    changed_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "side_file"
        ordering = ("table",)
        constraints = (models.UniqueConstraint(fields=["source", "table"], name="one_side_file_per_table"),)

    def __str__(self) -> str:
        return self.file_name

    def put(self, text: bytes) -> None:
        """Keep this text, which is then to be saved."""
        self.size, self.content = len(text), zlib.compress(text)

    def text(self) -> bytes:
        """What was kept."""
        return zlib.decompress(bytes(self.content))
