"""Which servers an LEA's admin may have this installation talk to.

Whoever runs it for many LEAs says so (CERSGROUPS_OUTGOING_HOSTS): an admin's address of a SIS or of CERS is asked from
within the operator's own network.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from django.conf import settings

from cersgroups.core.error import RequestStop


def check_outgoing(hosts: Iterable[str]) -> None:
    """Raises RequestStop for a host that is not on the operator's list; without a list every host may be asked."""
    allowed: list[str] = settings.OUTGOING_HOSTS
    for host in hosts:
        if allowed and not any(fnmatchcase(host.casefold(), one.casefold()) for one in allowed):
            raise RequestStop(
                f"{host} is no server that this installation may ask. Correct the address, or have the person who "
                f"runs this system add it to CERSGROUPS_OUTGOING_HOSTS."
            )
