"""Until when the files of an upload stay once they are converted."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0016_told")]

    operations = [migrations.AddField("snapshot", "received_until", models.DateTimeField(null=True))]
