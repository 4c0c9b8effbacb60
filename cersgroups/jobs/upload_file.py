"""The files of an upload: the extract's, split where schools have credentials of their own, then the retired groups.

Bytes that CERS has processed before and that were not the last it got would be skipped: they are varied first
(cers-receiver.md, "Same bytes"; cers/variation.py). What was sent and never answered counts as processed, as it may be.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from cersgroups.actions.credential import credentials_by_school
from cersgroups.cers.client import md5
from cersgroups.cers.variation import unprocessed_variant, write_variant
from cersgroups.records.credential import Credential
from cersgroups.records.school import School
from cersgroups.records.snapshot import Snapshot
from cersgroups.records.stored_folder import fetched
from cersgroups.records.upload import Upload, UploadPart


@dataclass(frozen=True)
class PartFile:
    """`credential` None: it is uploaded by hand."""

    path: Path
    credential: Credential | None
    retires: bool
    digest: str
    variation: int

    def as_record(self, upload: Upload, number: int) -> UploadPart:
        with self.path.open("rb") as file:
            records = sum(1 for _ in file) - 1
        return UploadPart(
            lea_id=upload.lea_id,
            upload=upload,
            credential=self.credential,
            number=number,
            retires=self.retires,
            file=self.path.name,
            size=self.path.stat().st_size,
            records=records,
            digest=self.digest,
            variation=self.variation,
        )


def part_files(record: Upload, retired: Path | None, folder: Path) -> list[PartFile]:
    """Write the files into `folder`, in the order in which they are to be sent.

    Raises DataStop if a school has no credential.
    """
    extract = record.extract
    sources = [(fetched(extract.folder) / name, False) for name in extract.files] if extract else []
    if retired:
        sources.append((retired, True))
    return [
        _part(record, path, credential, retires=retires)
        for source, retires in sources
        for path, credential in _split(record, source, folder)
    ]


def _split(record: Upload, source: Path, folder: Path) -> Iterator[tuple[Path, Credential | None]]:
    """The file as it is, or one for each credential."""
    if record.by_hand:
        yield _linked(source, folder / source.name), None
        return
    credentials = _credentials(record.lea_id, schools_in(source))
    known = sorted(set(credentials.values()), key=lambda credential: credential.pk)
    if len(known) == 1:
        yield _linked(source, folder / source.name), known[0]
        return
    for credential in known:
        path = folder / f"{source.stem}-{credential.pk}.csv"
        _write_schools(source, path, {cds for cds, own in credentials.items() if own == credential})
        yield path, credential
    if source.parent == folder:
        source.unlink()


def _credentials(lea_id: int, cds_codes: Sequence[str]) -> dict[str, Credential]:
    """By CDS code. A school that is no longer in the roster, whose groups are emptied, has the one that it had."""
    numbers = dict(School.objects.filter(lea_id=lea_id).values_list("cds_code", "school_id"))
    if not numbers.keys() >= set(cds_codes):
        numbers = {**_earlier_schools(lea_id), **numbers}
    schools = {cds: numbers.get(cds, f"with the CDS code {cds}") for cds in cds_codes}
    found = credentials_by_school(lea_id, list(schools.values()))
    return {cds: found[school] for cds, school in schools.items()}


def _earlier_schools(lea_id: int) -> dict[str, str]:
    """By CDS code, the school_id in the last roster that had it."""
    rosters = Snapshot.objects.filter(lea_id=lea_id, state="ready").order_by("pk").values_list("schools", flat=True)
    return {school["cds_code"]: school["school_id"] for roster in rosters.iterator() for school in roster}


def schools_in(path: Path) -> list[str]:
    """The CDS codes in a student groups file, in order."""
    with path.open(encoding="utf-8") as file:
        next(file)
        return [cds for cds, _ in groupby(line.split(",", 2)[1] for line in file)]


def _write_schools(source: Path, path: Path, cds_codes: set[str]) -> None:
    with source.open(encoding="utf-8", newline="") as file, path.open("w", encoding="utf-8", newline="") as target:
        target.write(next(file))
        target.writelines(line for line in file if line.split(",", 2)[1] in cds_codes)


def _linked(source: Path, target: Path) -> Path:
    """The same bytes under another name; files here never change."""
    if source != target:
        os.link(source, target)
    return target


def _part(record: Upload, path: Path, credential: Credential | None, *, retires: bool) -> PartFile:
    """The part, in a variant that CERS has not processed before, unless these bytes are the last that it got."""
    got = UploadPart.objects.filter(lea_id=record.lea_id, state__in=("sending", "accepted", "done")).order_by("pk")
    last, digest = got.last(), md5(path)
    if last is not None and digest == last.digest:
        return PartFile(path, credential, retires, digest, last.variation)
    number = unprocessed_variant(path, set(got.values_list("digest", flat=True)))
    if number:
        write_variant(path, path, number)
    return PartFile(path, credential, retires, md5(path), number)
