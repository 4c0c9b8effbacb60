"""The database's own view of the application: it must not be able to pass row-level security.

Whose rows are seen is a setting of the connection (scope.py). A pooler such as PgBouncer may give the next statement to
another connection, with the scope of another LEA. It is known by the number of the server's process: what the server
says is another one than was told when the connection was made.
"""

from django.db import OperationalError, connection

from cersgroups.core.error import RequestStop

_MIGRATE = "If it is new, make its tables first: cersgroups manage migrate"


def check_role() -> None:
    """Raises RequestStop if the application's role owns a table, or could see every LEA's rows for another reason.

    Also if a pooler is in between, and if the database has no tables yet.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user, rolsuper OR rolbypassrls, "
                "EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user), "
                "to_regclass('public.procrastinate_jobs') IS NULL, pg_backend_pid() "
                "FROM pg_roles WHERE rolname = current_user"
            )
            role, passes, owns, empty, process = cursor.fetchone()
            direct = process == cursor.connection.info.backend_pid
    except OperationalError as e:
        raise RequestStop(f"The application cannot use the database: {str(e).splitlines()[0]}. {_MIGRATE}") from None
    if not direct:
        raise RequestStop(
            "DATABASE_URL leads through a pooler, such as PgBouncer. It may mix up connections of several requests; "
            "then one LEA's students are shown to another. Name the PostgreSQL server itself (docs/install.md)."
        )
    if empty:
        raise RequestStop(f"The database has no tables. {_MIGRATE}")
    if passes or owns:
        why = "owns tables" if owns else "can pass row-level security"
        raise RequestStop(
            f"The application would use the database as {role}, which {why}: a fault could then show one LEA's "
            f"students to another. Name cersgroups_app in DATABASE_URL and the owner in DATABASE_OWNER_URL "
            f"(docs/install.md), or the owner in DATABASE_URL alone."
        )


def can_become_owner() -> bool:
    """Whether the application has signed in as the tables' owner and only laid that role aside (config/database.py).

    A statement that somebody smuggles in could take it on again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' "
            "AND pg_has_role(session_user, tableowner, 'MEMBER'))"
        )
        return bool(cursor.fetchone()[0])
