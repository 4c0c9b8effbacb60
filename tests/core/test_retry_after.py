"""What servers write into Retry-After, however odd."""

from math import inf

import pytest

from cersgroups.core.retry_after import retry_after


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (None, None),
        (" 120 ", 120.0),
        ("5\x1c", 5.0),
        ("9" * 5_000, inf),
        ("²", None),
        ("Thu, 01 Jan 2015 00:00:00 GMT", 0.0),
        ("soon", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2026 00:00:00 +9999999999999999", None),
    ],
)
def test_it_is_seconds_or_a_date_or_nothing(told: str | None, seconds: float | None) -> None:
    assert retry_after(told) == seconds
