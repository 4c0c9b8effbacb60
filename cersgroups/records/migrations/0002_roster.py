"""Sources, snapshots, and the schools of the current roster."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0001_lea_and_people")]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(default="upload", max_length=32)),
                ("name", models.CharField(max_length=255)),
                ("mapping", models.TextField(blank=True)),
                ("settings", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "lea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="records.lea"
                    ),
                ),
            ],
            options={
                "db_table": "source",
            },
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(fields=("lea", "name"), name="one_source_per_name"),
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("mapping", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("converting", "converting"),
                            ("failed", "failed"),
                            ("ready", "ready"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("progress", models.FloatField(default=0)),
                ("message", models.CharField(blank=True, max_length=255)),
                ("why", models.TextField(blank=True)),
                ("kind", models.CharField(blank=True, max_length=64)),
                ("lea_code", models.CharField(blank=True, max_length=255)),
                ("lea_name", models.CharField(blank=True, max_length=255)),
                ("time_zone", models.CharField(blank=True, max_length=64)),
                ("school_year", models.IntegerField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("finding_counts", models.JSONField(default=dict)),
                ("schools", models.JSONField(default=list)),
                ("made_current_at", models.DateTimeField(null=True)),
                (
                    "lea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="snapshots", to="records.lea"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "snapshot",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.AddField(
            model_name="snapshot",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="snapshots", to="records.source"
            ),
        ),
        migrations.AddField(
            model_name="lea",
            name="current_snapshot",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="records.snapshot",
            ),
        ),
        migrations.CreateModel(
            name="School",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("school_id", models.CharField(max_length=255)),
                ("number", models.CharField(max_length=255)),
                ("name", models.CharField(max_length=255)),
                ("cds_code", models.CharField(blank=True, max_length=255)),
                ("active", models.BooleanField(default=True)),
                ("schedule", models.CharField(blank=True, max_length=32)),
                ("tracks_primary_classes", models.BooleanField(default=False)),
                (
                    "lea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="schools", to="records.lea"
                    ),
                ),
            ],
            options={
                "db_table": "school",
                "ordering": ("name", "school_id"),
                "constraints": [models.UniqueConstraint(fields=("lea", "school_id"), name="one_school_per_id")],
            },
        ),
    ]
