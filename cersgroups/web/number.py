"""Numbers that a request brings as text."""


def whole_number(text: str, digits: int) -> int | None:
    """None for what is no number of at most so many digits: a database, and Python, take no longer ones."""
    return int(text) if text.isdecimal() and len(text) <= digits else None


def first_of_page(text: str, on_a_page: int) -> int:
    """Where the page of that number begins, counted from 0; what is no number of a page means the first."""
    return max((whole_number(text, 6) or 1) - 1, 0) * on_a_page
