"""Files and settings that whoever runs the program writes, as functions of bytes (parser.py)."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from cersgroups.cli.credential import client_from
from cersgroups.config.database import databases
from cersgroups.config.mail import mail
from cersgroups.config.monitoring import networks
from cersgroups.config.sign_in import providers
from cersgroups.core import environment
from cersgroups.core.error import Stop
from cersgroups.core.storable import storable
from cersgroups.records.bucket import named_bucket
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


def setting(content: bytes) -> None:
    """A variable of the environment, read as every kind of setting: it cannot hold NUL, and any other byte."""
    text = content.decode("utf-8", "surrogateescape").replace("\0", "")
    readers: list[Callable[[], object]] = [
        partial(environment.flag, "CERSGROUPS_DEBUG"),
        partial(environment.number, "CERSGROUPS_PORT"),
        partial(environment.choice, "CERSGROUPS_LOG_FORMAT"),
        partial(environment.address, "CERSGROUPS_URL"),
        partial(environment.hosts, "CERSGROUPS_OUTGOING_HOSTS"),
        partial(networks, text),
        partial(named_bucket, "b", text, ""),
        partial(mail, public=True),
        providers,
        *([databases] if text.strip() else []),  # else it is the embedded one
    ]
    with patch.dict(os.environ, dict.fromkeys(_SETTINGS, text)):
        for read in readers:
            try:
                read()
            except Stop as stop:
                told = str(stop)
                assert told == storable(told)


_SETTINGS = (
    *("CERSGROUPS_DEBUG", "CERSGROUPS_PORT", "CERSGROUPS_LOG_FORMAT", "CERSGROUPS_URL", "CERSGROUPS_OUTGOING_HOSTS"),
    *("DATABASE_URL", "DATABASE_OWNER_URL", "CERSGROUPS_SMTP_URL"),
    *("CERSGROUPS_OIDC_MICROSOFT_CLIENT_ID", "CERSGROUPS_OIDC_MICROSOFT_ISSUER"),
)


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
