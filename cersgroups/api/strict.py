"""What bodies and addresses hold, taken as written: `true` is no id, a number is no date, no key is overlooked."""

from datetime import date
from typing import Annotated, Any

from ninja import Path, Schema
from pydantic import BeforeValidator, ConfigDict, Field

from cersgroups.api.paging import LARGEST_ID


class Strict(Schema):
    """A body; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _day(value: Any) -> Any:
    if isinstance(value, str) and len(value) == len("2026-11-24"):
        return date.fromisoformat(value)
    raise ValueError("write a date such as 2026-11-24")


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathId = Path[Id]
Day = Annotated[date, BeforeValidator(_day)]
