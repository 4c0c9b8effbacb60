"""API tokens of people. The token itself is shown once and never stored: only its digest is."""

import hashlib
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class ApiToken(models.Model):
    """`digest` is the SHA-256 of the token in hex. `uses` since `counted_from` are what the rate limit counts."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("records.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=16))
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey("records.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    last_used_at = models.DateTimeField(null=True)
    last_used_ip = models.GenericIPAddressField(null=True)
    counted_from = models.DateTimeField(null=True)
    uses = models.IntegerField(default=0)

    class Meta:
        db_table = "api_token"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["lea", "person", "name"], condition=Q(revoked_at=None), name="one_living_token_per_name"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def lives(self, now: datetime) -> bool:
        """Whether it lets its person in: not revoked, not expired."""
        return self.revoked_at is None and now < self.expires_at


def digest_of(text: str) -> str:
    """A token has 256 random bits, so that a plain digest cannot be turned back."""
    return hashlib.sha256(text.encode()).hexdigest()
