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
    (folder / _SECRET).write_text('certificate = "c"\n')
    path = folder / "given.toml"
    path.write_bytes(content)
    return path
