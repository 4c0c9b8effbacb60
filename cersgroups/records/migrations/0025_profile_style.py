"""The style of names that profiles kept once goes: it is the LEA's, and a profile could not be written back as read."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations

STRIP = """
DO $$ DECLARE one bigint; BEGIN
    PERFORM set_config('cersgroups.whole', 'on', true);
    FOR one IN SELECT id FROM lea LOOP
        PERFORM set_config('cersgroups.lea', one::text, true);
        UPDATE profile SET content = content - 'name_style' WHERE content ? 'name_style';
    END LOOP;
    PERFORM set_config('cersgroups.whole', '', true);
    PERFORM set_config('cersgroups.lea', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0024_given_up_job")]

    operations = [migrations.RunSQL(STRIP, migrations.RunSQL.noop)]
