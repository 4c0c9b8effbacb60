"""What was answered to a request with an Idempotency-Key, so that the same request again is answered the same."""

from django.db import models


class IdempotencyKey(models.Model):
    """`fingerprint`: SHA-256 of what was asked. Written in the transaction of the change: both, or neither."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    token = models.ForeignKey("records.ApiToken", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    status = models.IntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    class Meta:
        db_table = "idempotency_key"
        constraints = (models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key"),)

    def __str__(self) -> str:
        return self.key
