"""The figures of an extract, as its build counted them."""

from cersgroups.actions.extract import find_extract
from cersgroups.core.figure import Figures, from_text
from cersgroups.core.permission import Actor
from cersgroups.records.stored_folder import fetched

FIGURES_FILE = "figures.json"
"""In the extract's folder; written by its build, never changed."""


def extract_figures(actor: Actor, extract_id: int) -> Figures | None:
    """None for an extract without a file (any more). In the LEA's scope. Raises NotThere or PermissionRefused."""
    extract = find_extract(actor, extract_id)
    if extract.files_removed_at is not None:
        return None
    path = fetched(extract.folder) / FIGURES_FILE
    return from_text(path.read_text(encoding="utf-8")) if path.is_file() else None
