"""The cache's table: the counts of failed tries that lock an account out, shared by all of the server's processes."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

_MAKE = """
CREATE TABLE cache_entry (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX cache_entry_expires ON cache_entry (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar[list[tuple[str, str]]] = []
    operations: ClassVar[list[Operation]] = [migrations.RunSQL(_MAKE, "DROP TABLE cache_entry")]
