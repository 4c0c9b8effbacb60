"""How many examples a property test tries: all in `make test-all`, half in `make test`, which has ten minutes."""

import os


def examples(many: int) -> int:
    """`many` or, where it must be quick, half of them."""
    return many if os.environ.get("THOROUGH") else many // 2
