"""Lists inside a OneRoster cell: `"a,b"`, with the spaces that real exports put between."""


def items(cell: str) -> tuple[str, ...]:
    """The items of a comma-separated cell, trimmed, without blank ones, each once."""
    if "," not in cell:
        return (cell,) if cell else ()
    return tuple(dict.fromkeys(item for part in cell.split(",") if (item := part.strip())))


def first(cell: str) -> str:
    """The first item of a comma-separated cell, or blank."""
    return next(iter(items(cell)), "")
