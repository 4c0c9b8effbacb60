"""Commands that are told of the stand-in for Aeries by a SOURCE.toml, with its secret from the environment."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cersgroups.cli.main import main
from tests.sources.aeries_api_sync import small_aeries
from tests.sources.aeries_server import CERTIFICATE, AeriesServer

Run = Callable[..., tuple[int, str, str]]
"""Status, standard output and standard error of a command in this process."""


@pytest.fixture
def aeries(tmp_path: Path) -> Iterator[AeriesServer]:
    with small_aeries(tmp_path / "sis") as aeries:
        yield aeries


def toml(aeries: AeriesServer, more: str = "", settings: str = "") -> str:
    return f'kind = "aeries_api"\n{more}\n[settings]\naddress = "{aeries.url}"\nschool_year = 2027\n{settings}\n'


def runner(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs commands in the folder, with the secret; whatever they print, it is not in it."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CERSGROUPS_SECRET_CERTIFICATE", CERTIFICATE)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        printed = capsys.readouterr()
        assert CERTIFICATE not in printed.out + printed.err
        return status, printed.out, printed.err

    return run
