"""The current roster, if it is so old that whoever makes files of it should know."""

from django.utils import timezone

from cersgroups.records.snapshot import Snapshot
from cersgroups.web.access import At


def old_roster(at: At) -> dict[str, object]:
    """For templates with web/partials/roster_age.html: empty unless it is older than the LEA's `roster_days`."""
    current = Snapshot.objects.filter(pk=at.lea.current_snapshot_id or 0).defer("schools").first()
    days = current.age_days(timezone.now()) if current else 0
    return {"old_roster": current, "old_roster_days": days} if days > at.lea.roster_days else {}
