"""Why a job could not go on, as a sentence for the record."""

from pathlib import Path

from cersgroups.core.error import Stop


def sentence(stop: Stop, *folders: Path) -> str:
    """The stop's sentence, without where on this machine the files lie."""
    text = str(stop)
    for folder in folders:
        text = text.replace(f"{folder}/", "")
    return text
