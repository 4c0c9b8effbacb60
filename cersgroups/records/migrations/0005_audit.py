"""The audit log."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0004_extract")]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("actor_email", models.CharField(blank=True, max_length=254)),
                ("action", models.CharField(max_length=64)),
                ("object", models.CharField(max_length=255)),
                ("detail", models.JSONField(default=dict)),
                ("ip", models.GenericIPAddressField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lea",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.lea"),
                ),
            ],
            options={
                "db_table": "audit_entry",
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["lea", "-at"], name="audit_by_time")],
            },
        ),
    ]
