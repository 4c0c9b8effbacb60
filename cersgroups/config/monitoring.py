"""Who may read /metrics: the networks and the token of the settings, with a sentence for what cannot be meant."""

import ipaddress
from pathlib import Path

from cersgroups.core.error import RequestStop
from cersgroups.core.secret_file import others_can_read

_SHORTEST_TOKEN = 32

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(listed: str) -> list[Network]:
    """Raises RequestStop for what is no address or network."""
    return [_network(part.strip()) for part in listed.split(",") if part.strip()]


def token_from(path: str) -> str:
    """The token in the file at `path`; blank path: none. Raises RequestStop for one that is missing, open or short."""
    if not path:
        return ""
    try:
        token = Path(path).read_text(encoding="ascii").strip()
        others = others_can_read(Path(path))
    except (OSError, ValueError) as e:
        why = getattr(e, "strerror", None) or "it is not plain ASCII"
        raise RequestStop(
            f"CERSGROUPS_METRICS_TOKEN_FILE: {path} cannot be read ({why}). It must be the program's user's."
        ) from None
    if others:
        raise RequestStop(f"CERSGROUPS_METRICS_TOKEN_FILE: others can read {path}. Run: chmod 600 {path}")
    if len(token) < _SHORTEST_TOKEN:
        raise RequestStop(
            f"CERSGROUPS_METRICS_TOKEN_FILE: the token in {path} is shorter than {_SHORTEST_TOKEN} characters. "
            f"Make one: openssl rand -hex 32"
        )
    return token


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        raise RequestStop(
            f"CERSGROUPS_METRICS_ADDRESSES: {text!r} is no address and no network. Write 10.1.2.3 or 10.1.0.0/16."
        ) from None
