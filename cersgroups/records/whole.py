"""Reading the rows of every LEA at once, as the tables' owner: for backups and the doctor, which no page can call."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

OWNER_ALIAS = "owner"
SETTING = "cersgroups.whole"
"""The policies `of_owner` read it (row_security.py)."""


@contextmanager
def whole() -> Iterator[str]:
    """Gives the alias to read with (`Model.objects.using(alias)`): one transaction that sees a single instant.

    What is written within is taken back, and only reading is seen of other LEAs.
    """
    with transaction.atomic(using=OWNER_ALIAS):
        with connections[OWNER_ALIAS].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT set_config(%s, 'on', true)", [SETTING])
        yield OWNER_ALIAS
