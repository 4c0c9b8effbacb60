"""Side files of live sources; of their LEA only."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cersgroups.records.row_security import protect

_PERSON = models.ForeignKey(
    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
)


class Migration(migrations.Migration):
    dependencies = [("records", "0014_retention")]

    operations = [
        migrations.CreateModel(
            name="SideFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.CharField(max_length=32)),
                ("file_name", models.CharField(max_length=255)),
                ("size", models.IntegerField()),
                ("content", models.BinaryField()),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("changed_by", _PERSON),
                (
                    "lea",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.lea"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.source"
                    ),
                ),
            ],
            options={"db_table": "side_file", "ordering": ("table",)},
        ),
        migrations.AddConstraint(
            "sidefile", models.UniqueConstraint(fields=["source", "table"], name="one_side_file_per_table")
        ),
        migrations.RunSQL(protect("side_file"), migrations.RunSQL.noop),
    ]
