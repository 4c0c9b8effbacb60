"""What the tests of jobs share."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sis import Sis


@pytest.fixture
def sis() -> "Iterator[Sis]":
    """A SIS in memory, and the kind of source that asks it."""
    from tests.sis import connected

    with connected() as sis:
        yield sis
