"""Text that another system has sent, as our database and files can hold it."""


def storable(text: str) -> str:
    """The text without NUL, and with question marks for halves of characters, which JSON can hold and UTF-8 cannot."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
