"""Drafts of profiles, of their LEA only."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cersgroups.records.row_security import protect


class Migration(migrations.Migration):
    dependencies = [("records", "0006_row_security")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField(null=True)),
                ("content", models.JSONField(default=dict)),
                ("changed", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "lea",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.lea"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="records.profile",
                    ),
                ),
            ],
            options={"db_table": "draft", "ordering": ("-changed_at", "-id")},
        ),
        migrations.RunSQL(protect("draft"), migrations.RunSQL.noop),
    ]
