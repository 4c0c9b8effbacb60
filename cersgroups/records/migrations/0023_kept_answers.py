"""Answers to requests with an Idempotency-Key that are kept already go too: each LEA that has one is looked at."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations

PLAN = """
SELECT set_config('cersgroups.whole', 'on', true);
INSERT INTO due (lea_id, what, at, planned_at) SELECT DISTINCT lea_id, 'answers', now(), now() FROM idempotency_key
ON CONFLICT DO NOTHING;
SELECT set_config('cersgroups.whole', '', true);
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0022_sentences")]

    operations = [migrations.RunSQL(PLAN, migrations.RunSQL.noop)]
