"""One-time links that make an LEA and its first admin. Only the hash of a link's token is stored."""

from django.db import models


class FirstAdminLink(models.Model):
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "first_admin_link"

    def __str__(self) -> str:
        return f"first admin link {self.pk}"
