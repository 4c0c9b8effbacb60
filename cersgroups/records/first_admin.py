"""One-time links that make an LEA and its first admin, or an admin of an LEA that is there (`of_lea`).

Only the hash of a link's token is stored.
"""

from django.db import models


class FirstAdminLink(models.Model):
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    of_lea = models.BooleanField(default=False)

    class Meta:
        db_table = "first_admin_link"

    def __str__(self) -> str:
        return f"first admin link {self.pk}"
