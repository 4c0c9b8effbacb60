"""The address of a server that a person has entered, or that a server has sent."""

from urllib.parse import SplitResult, urlsplit

from cersgroups.core.error import RequestStop
from cersgroups.core.loopback import is_loopback

_PORTS = {"https": 443, "http": 80}


def checked_address(address: str) -> str:
    """The address. Raises RequestStop unless it is https, or http on this machine; it never says what was entered.

    A password or a key may be in what was entered.
    """
    parts = parts_of(address)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        raise RequestStop("This is no address of a server. Enter one that begins with https://.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise RequestStop(
            f"The address of {parts.hostname} has a name, a key or something else behind ? or # in it. Leave that out."
        )
    if parts.scheme == "http" and not is_of_this_machine(address):
        raise RequestStop(f"The address of {parts.hostname} is not encrypted. Enter one that begins with https://.")
    return address


def host_of(address: str) -> str:
    """The server's name; blank for what is no address."""
    parts = parts_of(address)
    return (parts.hostname if parts else None) or ""


def is_of_this_machine(address: str) -> bool:
    """Whether what is sent to the address never leaves this machine."""
    return is_loopback(host_of(address))


def same_server(one: str, other: str) -> bool:
    """Whether both have one scheme, host and port."""
    return _origin(one) == _origin(other) is not None


def parts_of(address: str) -> SplitResult | None:
    """None for what cannot be an address, such as a port that is no number."""
    try:
        parts = urlsplit(address)
        return parts if parts.port is None or parts.port else None
    except ValueError:
        return None


def _origin(address: str) -> tuple[str, str | None, int | None] | None:
    parts = parts_of(address)
    return (parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)) if parts else None
