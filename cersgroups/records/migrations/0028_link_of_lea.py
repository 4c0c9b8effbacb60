"""Which one-time links are of an LEA that is there: the first account of all ends the others only."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0027_lea_overview")]

    operations = [
        migrations.AddField("firstadminlink", "of_lea", models.BooleanField(default=False)),
    ]
