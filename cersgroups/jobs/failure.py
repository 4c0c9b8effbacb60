"""Why a job could not go on, as a sentence for the record: it is kept longer than the files, and names no student."""

from pathlib import Path

from cersgroups.core.error import Stop
from cersgroups.core.student_mask import without_students


def sentence(stop: Stop, *folders: Path) -> str:
    """The stop's sentence, without where on this machine the files lie, and without students."""
    text = str(stop)
    for folder in folders:
        text = text.replace(f"{folder}/", "")
        if text.startswith(f"{folder}: "):  # of all files together
            text = text.removeprefix(f"{folder}: ")
            text = text[:1].upper() + text[1:]
    return without_students(text)
