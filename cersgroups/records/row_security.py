"""Row-level security in SQL: what the migrations run, so that no query sees another LEA's rows.

Forced: the tables' owner is bound too. `scope.py` makes the two settings that the policies read; where they are
not made, `nullif(...)` is NULL and no row is seen. A new table with a lea_id takes one line in its migration:
`migrations.RunSQL(protect("table"), migrations.RunSQL.noop)`; a test fails until it is there.
"""

from cersgroups.records.server import APP_ROLE

_LEA = "nullif(current_setting('cersgroups.lea', true), '')::bigint"
_PERSON = "nullif(current_setting('cersgroups.person', true), '')::bigint"

SHOW_OWNER = """
DO $$ DECLARE t regclass; BEGIN
    FOR t IN SELECT oid FROM pg_class WHERE relforcerowsecurity AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('DROP POLICY IF EXISTS of_owner ON %s', t);
        EXECUTE format('CREATE POLICY of_owner ON %s FOR SELECT TO CURRENT_USER '
                       'USING (current_setting(''cersgroups.whole'', true) = ''on'')', t);
    END LOOP;
END $$;
"""
"""The tables' owner may read the rows of every LEA, if it says so (whole.py): for backups and what watches over all.

The application's role is not the owner: to it nothing changes.
"""


def protect(table: str) -> str:
    """SQL: the table's rows are there for their own LEA only, by its column lea_id."""
    return (
        f"{_forced(table)} CREATE POLICY of_lea ON {table} USING (lea_id = {_LEA}) WITH CHECK (lea_id = {_LEA});"
        f"{SHOW_OWNER}"
    )


def _forced(table: str) -> str:
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"


LEA_POLICIES = f"""
{_forced("lea")}
CREATE POLICY of_lea ON lea USING (id = {_LEA}) WITH CHECK (id = {_LEA});
CREATE POLICY of_person ON lea FOR SELECT
    USING (id IN (SELECT lea_id FROM membership WHERE person_id = {_PERSON}));
"""
"""An LEA is seen in its own scope, and by the people who belong to it."""

MEMBERSHIP_POLICIES = f"""
{protect("membership")}
CREATE POLICY of_person ON membership FOR SELECT USING (person_id = {_PERSON});
"""
"""A membership is seen in its LEA's scope, and by the person it is of."""

ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
        GRANT {APP_ROLE} TO CURRENT_USER;
    END IF;
END $$;
"""
"""The embedded server has the role already; elsewhere the owner makes it, and may take it on (config/database.py)."""

DEFAULT_GRANTS = f"""
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE};
"""
"""Tables that later migrations make (of whichever app) are granted by default: order does not matter."""

GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
{DEFAULT_GRANTS}
"""

ADD_ONLY = f"""
REVOKE UPDATE, DELETE ON audit_entry FROM {APP_ROLE};
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
"""Nobody changes the audit log: the application has no right to, and the owner is stopped too."""
