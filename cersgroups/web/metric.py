"""The figures of the installation in Prometheus' format (docs/monitoring.md): gauges, what there is now; one counts."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.exposition import generate_latest

from cersgroups import __version__
from cersgroups.records.operation_figure import Figure, read_figures

__all__ = ["CONTENT_TYPE", "FAMILIES", "metrics"]

FAMILIES: dict[str, tuple[str, str]] = {
    "leas": ("", "LEAs in this installation."),
    "runs": ("outcome", "Runs of scheduled processes by what became of them, or by their state while they run."),
    "uploads": ("state", "Uploads to CERS by state; done and accepted are the good ends."),
    "extracts": ("state", "Extracts by state."),
    "snapshots": ("state", "Rosters by state; failed ones could not be used."),
    "roster_age_seconds": ("lea", "How old the current roster of each LEA is."),
    "jobs": ("status", "Jobs in the queue: todo, doing, and failed ones, which are looked at within half a minute."),
    "jobs_given_up": ("task", "Jobs that failed and are not tried again, since the installation was made."),
    "queue_age_seconds": ("queue", "How long the job has waited that has waited longest, of those that may start."),
    "heartbeats": ("", "Heartbeats of the last 15 seconds; each worker process has four."),
    "heartbeat_age_seconds": ("", "How long ago a worker was last heard of."),
}
"""By the name of the figure: what its label is called (blank: it has none), and what it is."""

COUNTERS = ("jobs_given_up",)
"""They only grow, and end in `_total` for Prometheus."""

Family = GaugeMetricFamily | CounterMetricFamily


def metrics() -> bytes:
    """All figures as text, read from the database now."""
    registry = CollectorRegistry()
    registry.register(_Figures())
    return generate_latest(registry)


class _Figures:
    def collect(self) -> Iterable[Family]:
        version = GaugeMetricFamily("cersgroups_version", "The program's version; always 1.", labels=["version"])
        version.add_metric([__version__], 1)
        yield version
        figures = read_figures()
        for name, (label, meaning) in FAMILIES.items():
            yield _family(name, label, meaning, [figure for figure in figures if figure.name == name])


def _family(name: str, label: str, meaning: str, figures: list[Figure]) -> Family:
    kind = CounterMetricFamily if name in COUNTERS else GaugeMetricFamily
    family: Family = kind(f"cersgroups_{name}", meaning, labels=[label] if label else [])
    for figure in figures:
        family.add_metric([figure.label] if label else [], figure.value)
    return family
