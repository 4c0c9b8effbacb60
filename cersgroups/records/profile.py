"""A profile's record: the content is what its TOML file would hold; the columns repeat it for lists."""

from django.db import models

from cersgroups.core import profile as core_profile


class Profile(models.Model):
    """`version` goes up with every change: whoever saves names the version that they saw."""

    lea = models.ForeignKey("records.Lea", on_delete=models.CASCADE, related_name="profiles")
    owner = models.ForeignKey("records.Person", on_delete=models.PROTECT, related_name="+")
    changed_by = models.ForeignKey("records.Person", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    school_year = models.IntegerField()
    subject = models.CharField(max_length=16)
    type = models.CharField(max_length=32)
    include_in_scheduled_process = models.BooleanField(default=False)
    content = models.JSONField()
    version = models.IntegerField(default=1)
    last_result = models.CharField(max_length=1000, blank=True)
    last_result_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "profile"
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def school_ids(self) -> list[str]:
        return list(self.content["schools"])

    def meaning(self) -> core_profile.Profile:
        """The content as the engine takes it. Raises RequestStop if it is not valid (any more)."""
        return core_profile.from_mapping(self.content, source=self.name)
