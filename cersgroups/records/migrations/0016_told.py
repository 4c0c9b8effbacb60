"""Whom a mail has reached already, and the schools beyond those of its extract that an upload empties groups of."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0015_side_file")]

    operations = [
        *(
            migrations.AddField(model, "told", ArrayField(models.CharField(max_length=254), default=list))
            for model in ("credential", "upload")
        ),
        migrations.AddField("upload", "more_school_ids", ArrayField(models.CharField(max_length=255), default=list)),
    ]
