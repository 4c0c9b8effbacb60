"""What others wrote, on a terminal: nothing in it draws."""


def shown(line: str) -> str:
    """`line` with everything escaped that a terminal would not print."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
