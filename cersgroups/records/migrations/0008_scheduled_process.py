"""The scheduled process, its runs, and what is due when. `due` holds no person's data and is read without a scope."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cersgroups.records.row_security import protect

_EMAILS = models.CharField(max_length=254)
_STATES = ("queued", "building", "uploading", "telling", "done", "stopped", "failed", "missed")


def _lea() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.lea")


def _person() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
    )


def _id() -> models.BigAutoField:  # type: ignore[type-arg]
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("records", "0007_draft")]

    operations = [
        migrations.CreateModel(
            name="ScheduledProcess",
            fields=[
                ("id", _id()),
                ("days", django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                ("time", models.TimeField()),
                ("emails", django.contrib.postgres.fields.ArrayField(base_field=_EMAILS, size=None)),
                ("upload", models.BooleanField(default=False)),
                ("enabled", models.BooleanField(default=False)),
                ("since", models.DateTimeField()),
                ("last_processed", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("changed_by", _person()),
                (
                    "lea",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.lea"
                    ),
                ),
            ],
            options={"db_table": "scheduled_process"},
        ),
        migrations.CreateModel(
            name="ScheduledRun",
            fields=[
                ("id", _id()),
                ("occurrence", models.CharField(max_length=64)),
                ("due_at", models.DateTimeField()),
                ("upload_wanted", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(choices=[(s, s) for s in _STATES], default="queued", max_length=16),
                ),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("why", models.TextField(blank=True)),
                ("left_out", models.JSONField(default=list)),
                ("told", django.contrib.postgres.fields.ArrayField(base_field=_EMAILS, default=list, size=None)),
                (
                    "unreachable",
                    django.contrib.postgres.fields.ArrayField(base_field=_EMAILS, default=list, size=None),
                ),
                ("telling_since", models.DateTimeField(null=True)),
                ("mail_fault", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("lea", _lea()),
                ("started_by", _person()),
            ],
            options={"db_table": "scheduled_run", "ordering": ("-due_at", "-id")},
        ),
        migrations.AddConstraint(
            model_name="scheduledrun",
            constraint=models.UniqueConstraint(fields=("lea", "occurrence"), name="one_run_per_occurrence"),
        ),
        migrations.AddField(
            model_name="extract",
            name="run",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="extract",
                to="records.scheduledrun",
            ),
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", _id()),
                ("what", models.CharField(max_length=32)),
                ("at", models.DateTimeField(db_index=True)),
                ("planned_at", models.DateTimeField(auto_now=True)),
                ("lea", _lea()),
            ],
            options={
                "db_table": "due",
                "constraints": [models.UniqueConstraint(fields=("lea", "what"), name="one_moment_per_purpose")],
            },
        ),
        migrations.RunSQL(protect("scheduled_process"), migrations.RunSQL.noop),
        migrations.RunSQL(protect("scheduled_run"), migrations.RunSQL.noop),
    ]
