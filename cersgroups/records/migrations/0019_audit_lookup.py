"""Indexes of the audit log by person and by action: for its filter, and for which of them there are."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0018_counted")]

    operations = [
        migrations.AddIndex("auditentry", models.Index(fields=["lea", "actor_email", "-at"], name="audit_by_person")),
        migrations.AddIndex("auditentry", models.Index(fields=["lea", "action", "-at"], name="audit_by_action")),
    ]
