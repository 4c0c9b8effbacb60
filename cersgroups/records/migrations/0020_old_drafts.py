"""Drafts that were there before everybody's old ones went at night: each LEA that has one is looked at."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations

PLAN = """
SELECT set_config('cersgroups.whole', 'on', true);
INSERT INTO due (lea_id, what, at, planned_at) SELECT DISTINCT lea_id, 'retention', now(), now() FROM draft
ON CONFLICT DO NOTHING;
SELECT set_config('cersgroups.whole', 'off', true);
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0019_audit_lookup")]

    operations = [migrations.RunSQL(PLAN, migrations.RunSQL.noop)]
