"""A client of the sandbox, with a patience that lets no test wait."""

from pathlib import Path

from cersgroups.cers.client import Client
from cersgroups.cers.credential import Credential
from cersgroups.cers.endpoint import Endpoints
from cersgroups.cers.known import Known
from cersgroups.cers.patience import Patience
from cersgroups.cers.sandbox import Sandbox

PATIENCE = Patience(
    connect=5, write=20, answer=20, file_answer=20, attempts=3, pause=0.001, longest_pause=0.002, longest_wait=1
)
BRIEF = Patience(
    connect=0.3, write=0.3, answer=0.3, file_answer=0.3, attempts=1, pause=0.001, longest_pause=0.002, longest_wait=1
)
YEARS = Known(None, frozenset({2025, 2026}))
CREDENTIAL = Credential("password", "lea-user", "lea-password", "lea-client", "lea-client-secret")


def client_of(sandbox: Sandbox, patience: Patience = PATIENCE) -> Client:
    return Client(sandbox.endpoints, sandbox.credential(), patience)


def client_at(token_url: str, import_url: str, patience: Patience = PATIENCE) -> Client:
    return Client(Endpoints(f"{token_url}/api/v1/token", import_url), CREDENTIAL, patience)


def written(folder: Path, content: bytes, name: str = "groups.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
