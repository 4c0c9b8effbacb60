"""Uploads, their parts, ledgers and credentials, of their LEA only."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cersgroups.records.row_security import protect

TABLES = ("credential", "ledger", "upload", "upload_part")


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_scheduled_process"),
    ]

    operations = [
        migrations.AddField(
            model_name="extract",
            name="batch",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="extract",
            name="upload_fault",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="extract",
            name="upload_wanted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="lea",
            name="safety_percent",
            field=models.IntegerField(default=20),
        ),
        migrations.AddField(
            model_name="lea",
            name="uploads_enabled",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                (
                    "school_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255), null=True, size=None
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("password", "password"), ("okta", "okta"), ("client", "client")],
                        default="password",
                        max_length=16,
                    ),
                ),
                ("token_url", models.CharField(max_length=1000)),
                ("import_url", models.CharField(max_length=1000)),
                ("username", models.CharField(blank=True, max_length=255)),
                ("client_id", models.CharField(blank=True, max_length=255)),
                ("sealed", models.TextField()),
                ("expires_on", models.DateField()),
                ("warned_for", models.IntegerField(null=True)),
                ("tested_at", models.DateTimeField(null=True)),
                ("test_fault", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
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
                    "lea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="credentials", to="records.lea"
                    ),
                ),
            ],
            options={
                "db_table": "credential",
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="Ledger",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("groups", models.BigIntegerField()),
                ("students", models.BigIntegerField()),
                ("users", models.BigIntegerField()),
                (
                    "lea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ledgers", to="records.lea"
                    ),
                ),
            ],
            options={
                "db_table": "ledger",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("retire_year", models.IntegerField(null=True)),
                ("by_hand", models.BooleanField(default=False)),
                ("look_first", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("preparing", "preparing"),
                            ("held", "held"),
                            ("ready", "ready"),
                            ("recording", "recording"),
                            ("sending", "sending"),
                            ("done", "done"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("stopped", "stopped"),
                            ("cancelled", "cancelled"),
                            ("failed", "failed"),
                        ],
                        default="queued",
                        max_length=16,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("figures", models.JSONField(default=dict)),
                ("stops", models.JSONField(default=list)),
                ("agreed_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("failures", models.IntegerField(default=0)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "extract",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
                        to="records.extract",
                    ),
                ),
                (
                    "lea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uploads", to="records.lea"
                    ),
                ),
                (
                    "ledger",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.ledger"
                    ),
                ),
            ],
            options={
                "db_table": "upload",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("retires", models.BooleanField(default=False)),
                ("file", models.CharField(max_length=255)),
                ("size", models.BigIntegerField()),
                ("records", models.BigIntegerField()),
                ("digest", models.CharField(max_length=32)),
                ("variation", models.IntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "sending"),
                            ("accepted", "accepted"),
                            ("done", "done"),
                            ("refused", "refused"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("tries", models.IntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("import_id", models.CharField(blank=True, max_length=64)),
                ("status", models.CharField(blank=True, max_length=32)),
                ("message", models.TextField(blank=True)),
                (
                    "credential",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="records.credential",
                    ),
                ),
                (
                    "lea",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.lea"),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="records.upload"
                    ),
                ),
            ],
            options={
                "db_table": "upload_part",
                "ordering": ("upload_id", "number"),
            },
        ),
        migrations.AddField(
            model_name="ledger",
            name="part",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="ledger_after",
                to="records.uploadpart",
            ),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.UniqueConstraint(fields=("lea", "name"), name="one_credential_per_name"),
        ),
        migrations.AddConstraint(
            model_name="uploadpart",
            constraint=models.UniqueConstraint(fields=("upload", "number"), name="one_part_per_number"),
        ),
        *(migrations.RunSQL(protect(table), migrations.RunSQL.noop) for table in TABLES),
    ]
