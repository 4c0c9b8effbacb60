"""How LEAs stand: a view, and what of it a person sees who is admin of several."""

# ruff: noqa: RUF012 - a migration is what Django makes of it

from django.db import migrations

from cersgroups.records.server import APP_ROLE

VIEW = """
CREATE VIEW lea_overview WITH (security_invoker = true) AS
SELECT l.id AS number, l.name, l.time_zone, l.roster_days, c.taken_at AS roster_taken_at, s.id AS newest_roster,
    coalesce(s.state, '') AS newest_roster_state, coalesce(p.enabled, false) AS process_enabled,
    r.due_at AS run_due_at, coalesce(nullif(r.outcome, ''), r.state, '') AS run_state,
    u.id AS upload, coalesce(u.state, '') AS upload_state, u.created_at AS upload_at, k.ends_on AS credential_ends_on
FROM lea l
LEFT JOIN snapshot c ON c.id = l.current_snapshot_id
LEFT JOIN scheduled_process p ON p.lea_id = l.id
LEFT JOIN LATERAL (SELECT id, state FROM snapshot WHERE lea_id = l.id ORDER BY id DESC LIMIT 1) s ON true
LEFT JOIN LATERAL (
    SELECT due_at, outcome, state FROM scheduled_run WHERE lea_id = l.id ORDER BY due_at DESC, id DESC LIMIT 1
) r ON true
LEFT JOIN LATERAL (SELECT id, state, created_at FROM upload WHERE lea_id = l.id ORDER BY id DESC LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT min(expires_on) AS ends_on FROM credential WHERE lea_id = l.id) k ON true
"""

# Whoever is admin may see all of it on the LEA's own pages; of others the pages decide by owner and school.
FUNCTION = f"""
CREATE FUNCTION lea_overviews() RETURNS SETOF lea_overview
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
    PERFORM set_config('cersgroups.whole', 'on', true);
    RETURN QUERY SELECT o.* FROM lea_overview o JOIN membership m ON m.lea_id = o.number
        WHERE m.person_id = nullif(current_setting('cersgroups.person', true), '')::bigint AND m.level = 'admin';
    PERFORM set_config('cersgroups.whole', '', true);
END $$;
REVOKE ALL ON FUNCTION lea_overviews() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lea_overviews() TO {APP_ROLE};
"""
"""Both are read by records/lea_overview.py."""


class Migration(migrations.Migration):
    dependencies = [("records", "0026_sentences_again")]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW lea_overview"),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION lea_overviews()"),
    ]
