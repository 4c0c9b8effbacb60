"""A database role that could show one LEA's rows to another: the program does not start with it."""

import psycopg
import pytest
from django.db import connections

from cersgroups.cli import serve
from cersgroups.core.error import RequestStop
from cersgroups.records.role import check_role
from cersgroups.records.server import OWNER, embedded_server

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "why"), [(OWNER, "owns tables"), ("postgres", "can pass row-level security")])
def test_a_role_that_passes_row_security_stops_the_start(role: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "migrate", lambda: None)
    monkeypatch.setattr("django.contrib.staticfiles.finders.find", lambda _name: "there")
    database = connections["owner"].settings_dict["NAME"]
    with psycopg.connect(embedded_server().url(role, database)) as connection:
        monkeypatch.setattr("cersgroups.records.role.connection", connection)
        with pytest.raises(RequestStop, match=f"would use the database as {role}, which {why}"):
            serve.prepare()


def test_the_role_of_the_application_does_not() -> None:
    check_role()


def test_a_pooler_that_could_give_one_leas_connection_to_another_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It tells a number of its own for the server's process, as it has no process for each of its clients."""
    monkeypatch.setattr(psycopg.ConnectionInfo, "backend_pid", property(lambda _info: 1))
    with pytest.raises(RequestStop, match="leads through a pooler"):
        check_role()
