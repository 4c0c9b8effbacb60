"""By which door an audited deed came; how old entries are forgotten; and LEAs that were removed."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations, models

from cersgroups.records.server import APP_ROLE

# The one way to delete entries: of the LEA in whose scope it is called, and none that is younger than a year.
# The trigger lets nobody else delete, the owner neither: only the function sets what it looks for, and as the owner.
FORGET = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND current_setting('cersgroups.forgetting', true) = 'on' AND current_user =
        (SELECT tableowner FROM pg_tables WHERE schemaname = TG_TABLE_SCHEMA AND tablename = TG_TABLE_NAME) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME;
END $$;
CREATE FUNCTION forget_audit_entries(before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ DECLARE count bigint; BEGIN
    IF before > now() - interval '365 days' THEN
        RAISE EXCEPTION 'entries of the last 365 days are kept';
    END IF;
    PERFORM set_config('cersgroups.forgetting', 'on', true);
    DELETE FROM audit_entry WHERE at < before AND lea_id = nullif(current_setting('cersgroups.lea', true), '')::bigint;
    GET DIAGNOSTICS count = ROW_COUNT;
    PERFORM set_config('cersgroups.forgetting', '', true);
    RETURN count;
END $$;
REVOKE ALL ON FUNCTION forget_audit_entries(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_audit_entries(timestamptz) TO {APP_ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0012_live_source")]

    operations = [
        migrations.AddField("auditentry", "door", models.CharField(blank=True, default="", max_length=8), False),
        migrations.RunSQL(FORGET, "DROP FUNCTION forget_audit_entries(timestamptz)"),
        migrations.CreateModel(
            name="RemovedLea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(unique=True)),
                ("removed_at", models.DateTimeField(auto_now_add=True)),
                ("removed_by", models.CharField(max_length=255)),
            ],
            options={"db_table": "removed_lea", "ordering": ("-removed_at",)},
        ),
        migrations.RunSQL(
            f"REVOKE INSERT, UPDATE, DELETE ON removed_lea FROM {APP_ROLE}; CREATE TRIGGER only_added BEFORE UPDATE OR "
            "DELETE ON removed_lea FOR EACH ROW EXECUTE FUNCTION refuse_change();",
            migrations.RunSQL.noop,
        ),
    ]
