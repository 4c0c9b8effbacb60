"""Live sources with their secrets and their nightly sync, syncs, and what a run knows of its own."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q

_SNAPSHOT_STATES = ("queued", "fetching", "converting", "held", "failed", "ready")
_RUN_STATES = ("queued", "syncing", "building", "uploading", "telling", "done", "stopped", "failed", "missed")
_OCCASIONS = ("upload", "person", "night", "run", "command")


def _add(model: str, name: str, field: "models.Field") -> migrations.AddField:  # type: ignore[type-arg]
    return migrations.AddField(model_name=model, name=name, field=field)


def _snapshot() -> "models.ForeignKey":  # type: ignore[type-arg]
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="records.snapshot"
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0011_operation")]

    operations = [
        _add("lea", "roster_percent", models.IntegerField(default=10)),
        _add("lea", "roster_days", models.IntegerField(default=7)),
        migrations.AlterModelOptions(name="source", options={"ordering": ("name", "id")}),
        _add("source", "sealed", models.TextField(blank=True)),
        _add("source", "nightly", models.BooleanField(default=False)),
        _add("source", "before_runs", models.BooleanField(default=False)),
        _add("source", "days", ArrayField(models.SmallIntegerField(), default=list, size=None)),
        _add("source", "time", models.TimeField(null=True)),
        _add("source", "since", models.DateTimeField(null=True)),
        _add("source", "check_wanted_at", models.DateTimeField(null=True)),
        _add("source", "checked_at", models.DateTimeField(null=True)),
        _add("source", "checks", models.JSONField(default=list)),
        _add("source", "changed_at", models.DateTimeField(auto_now=True)),
        _add(
            "source",
            "changed_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                fields=("lea",), condition=Q(nightly=True) | Q(before_runs=True), name="one_source_by_itself"
            ),
        ),
        _add(
            "snapshot",
            "occasion",
            models.CharField(choices=[(o, o) for o in _OCCASIONS], default="upload", max_length=16),
        ),
        _add("snapshot", "occurrence", models.CharField(blank=True, max_length=64)),
        _add("snapshot", "finished_at", models.DateTimeField(null=True)),
        _add("snapshot", "stops", ArrayField(models.TextField(), default=list, size=None)),
        _add("snapshot", "compared_with", _snapshot()),
        _add("snapshot", "told", ArrayField(models.CharField(max_length=254), default=list, size=None)),
        _add("snapshot", "quiet", models.BooleanField(default=False)),
        migrations.AlterField(
            model_name="snapshot",
            name="state",
            field=models.CharField(choices=[(s, s) for s in _SNAPSHOT_STATES], default="queued", max_length=16),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(
                fields=("lea", "occasion", "occurrence"), condition=~Q(occurrence=""), name="one_sync_per_occurrence"
            ),
        ),
        _add("scheduledrun", "sync", _snapshot()),
        _add("scheduledrun", "roster_note", models.TextField(blank=True)),
        migrations.AlterField(
            model_name="scheduledrun",
            name="state",
            field=models.CharField(choices=[(s, s) for s in _RUN_STATES], default="queued", max_length=16),
        ),
    ]
