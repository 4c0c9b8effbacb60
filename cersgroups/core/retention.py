"""How long what is kept: kinds, and the days between which an LEA, or whoever runs the installation, may choose."""

from typing import Literal

Kept = Literal["extracts", "rosters", "ledgers", "audit"]
LEAST_DAYS: dict[Kept, int] = {"extracts": 30, "rosters": 30, "ledgers": 30, "audit": 366}
"""Fewer would take away what people still work with. The database itself keeps audit entries for 365 days."""

MOST_DAYS = 36_500
