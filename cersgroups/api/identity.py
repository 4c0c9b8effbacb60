"""Ids of records in addresses and bodies."""

from typing import Annotated

from ninja import Path
from pydantic import Field

from cersgroups.api.paging import LARGEST_ID

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathId = Path[Id]
