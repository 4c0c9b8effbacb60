"""What CERS knows an LEA by. Its secrets are sealed (seal.py) and are never shown again."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cersgroups.records.seal import seal, unseal

KINDS = ("password", "okta", "client")
"""How a token is asked for: password grant, the same in Okta's form, client credentials."""


class Credential(models.Model):
    """`school_ids` None: of the whole LEA, for every school that has none of its own. `expires_on`: the last day.

    `warned_for`: of which of the days before its end people were told last; `told` are those told of the next already.
    `tested_at` with `test_fault`, the sentence of what was wrong; blank: the test went well.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="credentials")
    name = models.CharField(max_length=255)
    school_ids = ArrayField(models.CharField(max_length=255), null=True)
    kind = models.CharField(max_length=16, choices=[(kind, kind) for kind in KINDS], default=KINDS[0])
    token_url = models.CharField(max_length=1000)
    import_url = models.CharField(max_length=1000)
    username = models.CharField(max_length=255, blank=True)
    client_id = models.CharField(max_length=255, blank=True)
    sealed = models.TextField()
    expires_on = models.DateField()
    warned_for = models.IntegerField(null=True)
    told = ArrayField(models.CharField(max_length=254), default=list)
    tested_at = models.DateTimeField(null=True)
    test_fault = models.TextField(blank=True)
    changed_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "credential"
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=["lea", "name"], name="one_credential_per_name"),)

    def __str__(self) -> str:
        return self.name

    def keep(self, secrets: dict[str, str]) -> None:
        """Seal `password` and `client_secret` into the record, which is then to be saved."""
        self.sealed = seal(self.lea_id, secrets)

    def secrets(self) -> dict[str, str]:
        """What was kept. Raises DataStop if our keys do not open them."""
        return unseal(self.lea_id, self.sealed)
