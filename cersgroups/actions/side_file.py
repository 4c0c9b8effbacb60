"""Side files of a live source: kept with it, and added to the roster at every sync (features H4)."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db.models import QuerySet

from cersgroups.actions.actor import acting
from cersgroups.actions.audit import note
from cersgroups.actions.roster_file import UploadedFile, store_files
from cersgroups.actions.source import find_source
from cersgroups.core.error import DataStop, RequestStop
from cersgroups.core.permission import Actor
from cersgroups.records.side_file import LARGEST, SideFile
from cersgroups.records.source import Source
from cersgroups.sources.roster import OpenedRoster, open_side_folder

NAME = "side files"
"""The folder that they are read from: sentences name it."""


def visible_side_files(actor: Actor, source_id: int) -> "QuerySet[SideFile]":
    """Those of a source, by table; in the LEA's scope. Raises NotThere or PermissionRefused."""
    source = find_source(actor, source_id)
    return SideFile.objects.filter(source=source).defer("content").select_related("changed_by")


def save_side_files(actor: Actor, source_id: int, files: Sequence[UploadedFile]) -> None:
    """These take the place of those that are there. Raises RequestStop for files that cannot be used."""
    with acting(actor), TemporaryDirectory(prefix="cersgroups-") as workspace:
        source = find_source(actor, source_id)
        texts = _read(files, Path(workspace))
        SideFile.objects.filter(source=source).delete()
        for table, (file_name, text) in texts.items():
            side = SideFile(source=source, lea_id=actor.lea_id, table=table, file_name=file_name)
            side.changed_by_id = actor.person_id
            side.put(text)
            side.save()
        note(actor, "save side files", f"source {source.pk}", name=source.name, tables=sorted(texts))


def remove_side_files(actor: Actor, source_id: int) -> None:
    """From now on nothing is added."""
    with acting(actor):
        source = find_source(actor, source_id)
        SideFile.objects.filter(source=source).delete()
        note(actor, "remove side files", f"source {source.pk}", name=source.name)


def write_side_files(source: Source, workspace: Path) -> list[Path]:
    """Write those of the source into a new folder; the side folders for a conversion, none if there are none."""
    sides = list(SideFile.objects.filter(source=source))
    if not sides:
        return []
    folder = workspace / NAME
    folder.mkdir()
    for side in sides:
        (folder / f"{side.table}.csv").write_bytes(side.text())
    return [folder]


def _read(files: Sequence[UploadedFile], workspace: Path) -> dict[str, tuple[str, bytes]]:
    """By table: the name of its file, and its text."""
    sent = store_files(files, workspace / NAME)
    try:
        opened = open_side_folder(sent, workspace)
    except DataStop as stop:
        raise RequestStop(str(stop).replace(f"{workspace}/", "")) from None
    _check_size(opened)
    return {
        table: (name[-255:], (opened.folder / f"{table}.csv").read_bytes()) for table, name in opened.labels.items()
    }


def _check_size(opened: OpenedRoster) -> None:
    size = sum((opened.folder / f"{table}.csv").stat().st_size for table in opened.labels)
    if size > LARGEST:
        raise RequestStop(
            f"The side files have {size >> 20:,} MB together, more than the {LARGEST >> 20} MB that are kept with a "
            "source. Send only the columns and rows that the source lacks."
        )
