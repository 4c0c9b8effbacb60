"""A profile while somebody works on it: what the forms hold, kept with every change, seen by that person only."""

from django.db import models


class Draft(models.Model):
    """`profile` and `version` are those that were opened; both None if it is new, `profile` alone once it is deleted.

    `content` is what the forms hold (web/draft_content.py), perhaps incomplete. `changed`: there is something to save.
    """

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("records.Person", on_delete=models.CASCADE, related_name="+")
    profile = models.ForeignKey("records.Profile", null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.IntegerField(null=True)
    content = models.JSONField(default=dict)
    changed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "draft"
        ordering = ("-changed_at", "-id")

    def __str__(self) -> str:
        return self.content.get("name") or "New profile"

    @property
    def is_new(self) -> bool:
        return self.version is None

    @property
    def was_deleted(self) -> bool:
        """Whether somebody deleted the profile while this draft of it was open."""
        return self.version is not None and self.profile_id is None
