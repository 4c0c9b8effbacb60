"""Files of settings that people write, as functions of bytes (parser.py)."""

from pathlib import Path
from tempfile import TemporaryDirectory

from cersgroups.cli.credential import client_from
from cersgroups.sources.live_file import read_live_file

_SECRET = "secret.txt"  # noqa: S105 - the name of a file


def credential_toml(content: bytes) -> None:
    """A credential file beside a secret."""
    with TemporaryDirectory() as name:
        client_from(_beside_secret(Path(name), content))


def source_toml(content: bytes) -> None:
    """The settings of a live source beside a secret."""
    with TemporaryDirectory() as name:
        read_live_file(_beside_secret(Path(name), content))


def _beside_secret(folder: Path, content: bytes) -> Path:
    (folder / _SECRET).touch(0o600)
    (folder / _SECRET).write_text('certificate = "c"\npassword = "p"\nclient_secret = "s"\n')
    path = folder / "given.toml"
    path.write_bytes(content)
    return path


SOURCES = (
    (b"aeries_api", b'address = "https://a.example"\n'),
    (b"aeries_database", b'host = "a.example\\\\A"\ndatabase = "A{year}"\nlogin = "l"\nport = 1\n'),
    (
        b"oneroster",
        b'base_address = "https://a.example/v1p1"\nsign_in = "OAuth 1 (HMAC-SHA1)"\nclient_id = "i"\nlimit = 5\n'
        b'cds_codes = "994 = 37683380000994"\nmapping = "ssid = \\"identifier\\""\n',
    ),
)
"""Kinds of live sources, with settings that go together."""
