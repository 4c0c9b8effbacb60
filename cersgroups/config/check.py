"""What is unsafe in the settings, sentence by sentence. The program does not start with any of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cersgroups.core.error import RequestStop
from cersgroups.core.loopback import is_loopback
from cersgroups.core.secret_file import others_can_read
from cersgroups.records.bucket import Bucket

_SHORTEST_KEY = 32
_ENCRYPTED = ("require", "verify-ca", "verify-full")


@dataclass(frozen=True)
class Safety:
    """The settings that can be unsafe. `host` is what the web server listens on, `url` what people type."""

    debug: bool
    host: str
    url: str
    allowed_hosts: list[str]
    secure_cookies: bool
    behind_proxy: bool
    secret_key: str
    secret_files: list[Path]
    data_folder: Path
    databases: dict[str, dict[str, Any]]
    bucket: Bucket | None = None
    shared: dict[str, bool] = field(default_factory=dict)
    """By variable, whether what all machines must have in common is given by it."""


def refuse_unsafe(safety: Safety) -> None:
    """Raises RequestStop with a sentence for everything that is unsafe."""
    sentences = list(faults(safety))
    if sentences:
        raise RequestStop("These settings are unsafe, nothing was started:\n  " + "\n  ".join(sentences))


def faults(safety: Safety) -> Iterator[str]:
    """A sentence for everything that is unsafe."""
    yield from _web_faults(safety)
    yield from _file_faults(safety)
    yield from _database_faults(safety)
    yield from _bucket_faults(safety)


def is_public(host: str, url: str) -> bool:
    """Whether more than this machine can reach the program."""
    return not is_loopback(host) or not is_loopback(urlsplit(url).hostname or "")


def _web_faults(safety: Safety) -> Iterator[str]:
    public = is_public(safety.host, safety.url)
    https = safety.url.startswith("https://")
    if safety.debug and public:
        yield "CERSGROUPS_DEBUG shows the program's inside to everybody. Unset it, or listen on 127.0.0.1 only."
    if "*" in safety.allowed_hosts:
        yield "CERSGROUPS_ALLOWED_HOSTS holds `*`, so links in mails can be forged. Name the hosts."
    if public and not safety.allowed_hosts:
        yield "CERSGROUPS_ALLOWED_HOSTS is empty. Name the host that people type, or set CERSGROUPS_URL."
    if public and not https:
        yield (
            f"CERSGROUPS_URL is {safety.url}: passwords and students' data would cross the network readable. "
            f"Put a proxy with TLS in front and write https://..., or listen on 127.0.0.1 only."
        )
    if https and not safety.secure_cookies:
        yield "CERSGROUPS_SECURE_COOKIES is false although the URL is https. Remove it."
    if https and not safety.behind_proxy:
        # everybody would seem to come from this machine: in the audit log, in counts of failed tries, at /metrics
        yield (
            "CERSGROUPS_URL is https and no proxy with TLS is said to be in front. Put one there that sets "
            "X-Forwarded-Proto and X-Forwarded-For itself, and set CERSGROUPS_BEHIND_PROXY=true."
        )


def _file_faults(safety: Safety) -> Iterator[str]:
    if len(safety.secret_key) < _SHORTEST_KEY:
        yield f"The secret key is shorter than {_SHORTEST_KEY} characters. Remove it: a good one is then made."
    for file in safety.secret_files:
        if file.exists() and others_can_read(file):
            yield f"{file}: others can read it. Run: chmod 600 {file}. Whoever may have read it knows what it protects."
    if safety.data_folder.stat().st_mode & 0o066:
        yield f"{safety.data_folder}: others can list it or write to it. Run: chmod go-rw {safety.data_folder}"


def _database_faults(safety: Safety) -> Iterator[str]:
    for name, database in safety.databases.items():
        host = database["HOST"]
        if host.startswith("/") or host == "" or is_loopback(host):
            continue
        if database["OPTIONS"].get("sslmode") not in _ENCRYPTED:
            variable = "DATABASE_OWNER_URL" if name == "owner" else "DATABASE_URL"
            yield f"{variable} goes to {host} without encryption. Add ?sslmode=verify-full (or require) to it."
            return


def _bucket_faults(safety: Safety) -> Iterator[str]:
    if safety.bucket is None:
        return
    for variable, given in safety.shared.items():
        if not given:
            yield f"CERSGROUPS_BUCKET is for several machines, which must have the same {variable}. Set it on each."
    endpoint = urlsplit(safety.bucket.endpoint)
    if endpoint.scheme == "http" and not is_loopback(endpoint.hostname or ""):
        yield "CERSGROUPS_BUCKET_ENDPOINT is not encrypted: students' data would cross the network readable. Use https."
