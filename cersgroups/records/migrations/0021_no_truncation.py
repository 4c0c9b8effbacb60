"""The tables' owner cannot empty what only grows, either: a trigger for rows does not see TRUNCATE."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations

_TABLES = ("audit_entry", "removed_lea")

NO_TRUNCATION = "".join(
    f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    for table in _TABLES
)

BACK = "".join(f"DROP TRIGGER never_emptied ON {table};" for table in _TABLES)


class Migration(migrations.Migration):
    dependencies = [("records", "0020_old_drafts")]

    operations = [migrations.RunSQL(NO_TRUNCATION, BACK)]
