"""Extracts, the profiles they were made of, and their findings."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0003_profile")]

    operations = [
        migrations.CreateModel(
            name="Extract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=255)),
                ("as_of", models.DateField()),
                ("consolidated", models.BooleanField(default=False)),
                (
                    "school_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("building", "building"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("progress", models.FloatField(default=0)),
                ("message", models.CharField(blank=True, max_length=255)),
                ("files", models.JSONField(default=list)),
                ("records", models.BigIntegerField(default=0)),
                ("groups", models.BigIntegerField(default=0)),
                ("students", models.BigIntegerField(default=0)),
                ("users", models.BigIntegerField(default=0)),
                ("why", models.TextField(blank=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extracts", to="records.lea"
                    ),
                ),
            ],
            options={
                "db_table": "extract",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.AddField(
            model_name="extract",
            name="snapshot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="extracts", to="records.snapshot"
            ),
        ),
        migrations.CreateModel(
            name="ExtractProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                ("content", models.JSONField()),
                ("version", models.IntegerField()),
                (
                    "extract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="profiles", to="records.extract"
                    ),
                ),
                (
                    "lea",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.lea"),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="extracts",
                        to="records.profile",
                    ),
                ),
            ],
            options={
                "db_table": "extract_profile",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="ExtractFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=64)),
                ("count", models.BigIntegerField()),
                (
                    "extract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="records.extract"
                    ),
                ),
                (
                    "lea",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.lea"),
                ),
            ],
            options={
                "db_table": "extract_finding",
                "constraints": [models.UniqueConstraint(fields=("extract", "code"), name="one_count_per_code")],
            },
        ),
    ]
