"""How long an LEA keeps students' data, and when the files of a record went."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0013_audit_door")]

    operations = [
        *(
            migrations.AddField("lea", f"keep_{kept}_days", models.IntegerField(blank=True, null=True))
            for kept in ("extracts", "rosters", "ledgers", "audit")
        ),
        *(
            migrations.AddField(model, "files_removed_at", models.DateTimeField(null=True))
            for model in ("extract", "upload", "snapshot", "ledger")
        ),
    ]
