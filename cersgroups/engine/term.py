"""The terms of a snapshot, by date."""

from datetime import date

from cersgroups.engine.database import connect
from cersgroups.engine.snapshot import Snapshot


def has_live_term(snapshot: Snapshot, day: date) -> bool:
    """Whether a term of any school runs on that day: else nothing can be made of it as of that day."""
    with connect() as connection:
        found = connection.execute(
            f"SELECT 1 FROM {snapshot.parquet('terms')} WHERE ? BETWEEN start_date AND end_date LIMIT 1", [day]
        )
        return found.fetchone() is not None
