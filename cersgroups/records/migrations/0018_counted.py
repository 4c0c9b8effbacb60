"""What is in an uploaded OneRoster export, so that no page needs to read it."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0017_received_until")]

    operations = [migrations.AddField("snapshot", "counted", models.JSONField(null=True))]
