"""Whose rows the database shows: row-level security reads the two settings made here.

Without a scope nothing of any LEA is seen. The scope belongs to the connection and is taken back at the end,
also when the transaction failed; a connection that is opened anew starts without one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import Error, connection

_Scope = tuple[str, str]
_NOTHING: _Scope = ("", "")
_current: ContextVar[_Scope] = ContextVar("scope", default=_NOTHING)


@contextmanager
def lea_scope(lea_id: int) -> Iterator[None]:
    """Within it, the rows of this LEA are seen and can be written, and no others."""
    with _scope((str(lea_id), "")):
        yield


@contextmanager
def person_scope(person_id: int) -> Iterator[None]:
    """Within it, the person's own memberships and the LEAs they belong to can be read, and nothing else."""
    with _scope(("", str(person_id))):
        yield


@contextmanager
def _scope(scope: _Scope) -> Iterator[None]:
    outer = _current.get()
    _tell_database(scope)
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)
        _take_back(outer)


def _tell_database(scope: _Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('cersgroups.lea', %s, false), set_config('cersgroups.person', %s, false)", scope
        )


def _take_back(outer: _Scope) -> None:
    """Restore the outer scope; where the connection takes no more statements, make sure it is not used again."""
    if connection.connection is None:
        return
    try:
        _tell_database(outer)
    except Error:  # a connection that is closed raises InterfaceError, which is no DatabaseError
        if connection.in_atomic_block:
            # PostgreSQL takes the settings back together with the transaction that must now be rolled back
            connection.set_rollback(True)
        else:
            connection.close()
