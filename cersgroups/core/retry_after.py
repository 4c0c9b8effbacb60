"""How long a server asks to wait: the header Retry-After (RFC 9110, 10.2.3)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(text: str | None) -> float | None:
    """Seconds from now, given as such or as a date; None if nothing that can be understood is said."""
    if text is None:
        return None
    seconds = text.strip()
    if seconds.isascii() and seconds.isdigit():
        return float(seconds)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
