"""Sentences that are kept already name no SSID and no list of students any more.

Ten digits of staff or of a section go with them. Keys and sourcedIds of students' rows: 0026.
"""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations

_KEPT = (
    ("extract", "why"),
    ("profile", "last_result"),
    ("scheduled_run", "why"),
    ("snapshot", "why"),
    ("upload", "why"),
)

_UPDATES = "".join(
    rf"""
        UPDATE {table} SET {column} = regexp_replace(regexp_replace({column},
            '(chosen students is in the roster) \([^)]*\)', '\1', 'g'), '\y[0-9]{{10}}\y', '(an SSID)', 'g')
        WHERE {column} ~ 'chosen students is in the roster \(|\y[0-9]{{10}}\y';"""
    for table, column in _KEPT
)

MASK = f"""
DO $$ DECLARE one bigint; BEGIN
    PERFORM set_config('cersgroups.whole', 'on', true);
    FOR one IN SELECT id FROM lea LOOP
        PERFORM set_config('cersgroups.lea', one::text, true);{_UPDATES}
    END LOOP;
    PERFORM set_config('cersgroups.whole', '', true);
    PERFORM set_config('cersgroups.lea', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0021_no_truncation")]

    operations = [migrations.RunSQL(MASK, migrations.RunSQL.noop)]
