"""Tables are made by migrations that people named; they and the models say the same."""

import re
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader

from tests.owner import connect_as_owner


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_say() -> None:
    call_command("makemigrations", "records", check=True, dry_run=True, verbosity=3)


def test_every_migration_is_named_by_hand() -> None:
    names = [name for app, name in MigrationLoader(None).disk_migrations if app == "records"]
    assert names
    assert [name for name in names if re.search(r"_(auto|alter|remove|add)_|_auto\b|_initial$", name)] == []


@pytest.mark.parametrize(
    ("name", "told", "before"),
    [
        ("0021_no_truncation", "SELECT count(*)::text FROM pg_trigger WHERE tgname = 'never_emptied'", "0"),
        (
            "0024_given_up_job",
            "SELECT (prosrc LIKE '%%given_up_job%%')::text FROM pg_proc WHERE proname = 'operation_figures'",
            "false",
        ),
    ],
)
@pytest.mark.django_db
def test_what_a_migration_made_goes_with_it_and_comes_again(name: str, told: str, before: str) -> None:
    """As the way back and then forth again does it."""
    [made] = [
        operation
        for operation in import_module(f"cersgroups.records.migrations.{name}").Migration.operations
        if isinstance(operation, RunSQL)
    ]
    with connect_as_owner() as owner, owner.transaction(force_rollback=True):
        [now] = owner.execute(told.encode()).fetchall()
        owner.execute(str(made.reverse_sql).encode())
        assert owner.execute(told.encode()).fetchall() == [(before,)] != [now]
        owner.execute(str(made.sql).encode())
        assert owner.execute(told.encode()).fetchall() == [now]
