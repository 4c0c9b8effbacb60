"""The database's own view of the application: it must not be able to pass row-level security."""

from django.db import connection

from cersgroups.core.error import RequestStop


def check_role() -> None:
    """Raises RequestStop if the application's role owns a table, or could see every LEA's rows for another reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls, "
            "EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user) "
            "FROM pg_roles WHERE rolname = current_user"
        )
        role, passes, owns = cursor.fetchone()
    if passes or owns:
        why = "owns tables" if owns else "can pass row-level security"
        raise RequestStop(
            f"The application would use the database as {role}, which {why}: a fault could then show one LEA's "
            f"students to another. Give the owner's URL as DATABASE_URL alone, or a plain role's and the owner's "
            f"as DATABASE_OWNER_URL."
        )
