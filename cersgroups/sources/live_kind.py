"""The kinds of live sources, by name. A new kind is one file with its `LiveKind`, and its line here."""

from cersgroups.core.error import RequestStop
from cersgroups.sources.aeries_api import AERIES_API
from cersgroups.sources.aeries_database import AERIES_DATABASE
from cersgroups.sources.live import LiveKind
from cersgroups.sources.oneroster_rest import ONEROSTER_REST

_KINDS: tuple[LiveKind, ...] = (AERIES_API, AERIES_DATABASE, ONEROSTER_REST)

LIVE_KINDS = {kind.kind: kind for kind in _KINDS}


def live_kind(name: str) -> LiveKind:
    """The kind of that name. Raises RequestStop if there is none."""
    if name not in LIVE_KINDS:
        raise RequestStop(f"{name!r} is no kind of source. Choose one of {', '.join(LIVE_KINDS)}.")
    return LIVE_KINDS[name]
