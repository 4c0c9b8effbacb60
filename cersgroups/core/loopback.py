"""Which hosts are this machine: only there may anything go unencrypted."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a server of that name or address (IPv6 in brackets or not) is on this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
