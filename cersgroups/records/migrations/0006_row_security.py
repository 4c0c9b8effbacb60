"""The application's role, and row-level security on everything that belongs to an LEA."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations

from cersgroups.records.row_security import (
    ADD_ONLY,
    GRANTS,
    LEA_POLICIES,
    MEMBERSHIP_POLICIES,
    ROLE,
    protect,
)

TABLES = ("school", "source", "snapshot", "profile", "extract", "extract_profile", "extract_finding", "audit_entry")


class Migration(migrations.Migration):
    dependencies = [("records", "0005_audit")]

    operations = [
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(LEA_POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(MEMBERSHIP_POLICIES, migrations.RunSQL.noop),
        *(migrations.RunSQL(protect(table), migrations.RunSQL.noop) for table in TABLES),
        migrations.RunSQL(ADD_ONLY, migrations.RunSQL.noop),
    ]
