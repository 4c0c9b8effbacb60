"""Profiles."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_roster")]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("school_year", models.IntegerField()),
                ("subject", models.CharField(max_length=16)),
                ("type", models.CharField(max_length=32)),
                ("include_in_scheduled_process", models.BooleanField(default=False)),
                ("content", models.JSONField()),
                ("version", models.IntegerField(default=1)),
                ("last_result", models.CharField(blank=True, max_length=1000)),
                ("last_result_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "lea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="profiles", to="records.lea"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "profile",
                "ordering": ("name", "id"),
            },
        ),
    ]
