"""Tables are made by migrations that people named; they and the models say the same."""

import re

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_say() -> None:
    call_command("makemigrations", "records", check=True, dry_run=True, verbosity=3)


def test_every_migration_is_named_by_hand() -> None:
    names = [name for app, name in MigrationLoader(None).disk_migrations if app == "records"]
    assert names
    assert [name for name in names if re.search(r"_(auto|alter|remove|add)_|_auto\b|_initial$", name)] == []
