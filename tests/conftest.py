"""An embedded PostgreSQL for each worker of pytest, the application's role in force.

A test that asks for `db` (or is marked django_db) sees what the application sees: nothing without a scope.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.jobs.delivery import Delivery
    from tests.people import People

hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")  # no test depends on how quick the machine is

OURS = "CERSGROUPS_TESTS"
"""Names the data folder of this run; a real one is never touched."""

if OURS not in os.environ:
    os.environ[OURS] = tempfile.mkdtemp(prefix="cersgroups-tests-")
    Path(os.environ[OURS]).chmod(0o711)
for name in [name for name in os.environ if name.startswith(("CERSGROUPS_", "DATABASE_")) and name != OURS]:
    del os.environ[name]
DATA = Path(os.environ[OURS]) / os.environ.get("PYTEST_XDIST_WORKER", "alone")
DATA.mkdir(exist_ok=True)
DATA.chmod(0o711)
(DATA / "static").mkdir(exist_ok=True)
os.environ["CERSGROUPS_DATA"] = str(DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "cersgroups.config.settings"


def pytest_configure() -> None:
    """Load the settings now that they can be found; pytest-django then sets Django up."""
    assert settings.ROOT_URLCONF


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[OURS], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this worker's own, with all tables; overrides pytest-django's, which would make it as superuser."""
    from django.core.management import call_command
    from django.db import connections
    from django.test import TransactionTestCase

    from cersgroups.records.server import OWNER, database_server

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    database = "tests"
    with database_server() as server:
        assert server is not None
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as superuser:
            superuser.execute("ALTER SYSTEM SET fsync = off")
            superuser.execute("SELECT pg_reload_conf()")
            superuser.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            superuser.execute(f"CREATE DATABASE {database} OWNER {OWNER}")
        for alias in ("default", "owner"):
            connections[alias].settings_dict |= {"NAME": database, "HOST": str(server.socket)}
        with django_db_blocker.unblock():
            call_command("migrate", database="owner", verbosity=0)
            connections["owner"].close()
        from tests.owner import empty_database

        TransactionTestCase._fixture_teardown = lambda _self: empty_database()  # type: ignore[attr-defined]
        yield
        for connection in connections.all():
            connection.close()


@pytest.fixture
def people(db: None) -> "People":  # noqa: ARG001 - a fixture, for what it does
    """Ada, Alma, Sam, Vera and Olga, in two LEAs without a roster."""
    from tests.people import make_people

    return make_people()


@pytest.fixture(autouse=True)
def in_term(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever day it is: for every LEA it is a day in the terms of the small district."""
    from cersgroups.records.lea import Lea
    from tests.schedule import TUESDAY

    monkeypatch.setattr(Lea, "today", lambda _lea: TUESDAY.date())


@pytest.fixture(scope="session")
def stored_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small district as a snapshot, made once."""
    from tests.roster import small_snapshot

    return small_snapshot(tmp_path_factory.mktemp("small")).path


@pytest.fixture
def stage(stored_snapshot: Path) -> "Iterator[Delivery]":
    """An LEA that uploads to a sandbox of the receiver."""
    from tests.jobs.delivery import delivery

    with delivery(stored_snapshot) as stage:
        yield stage
