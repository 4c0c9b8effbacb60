"""An extract as its pages show it: with its profiles, its findings by severity and what may be downloaded."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from cersgroups.actions.extract import FINDINGS_FILE, can_download
from cersgroups.core.names import token
from cersgroups.core.permission import Actor
from cersgroups.records.extract import Extract, ExtractProfile

STATE_LABELS = {"queued": "Waiting", "building": "In progress", "done": "Done", "failed": "No file"}
PROFILES_SHOWN = 3
LONG_WAIT = timedelta(seconds=30)
_LONGEST_FILE_NAME = 80


@dataclass(frozen=True)
class Download:
    """One file of an extract: its name in the extract's folder, and what its link says."""

    file_name: str
    label: str


@dataclass(frozen=True)
class Summary:
    """`warnings` and `notes` are how many findings of each there are; `downloads` is empty for who may not download.

    So it is, for everybody, once the files were removed.
    """

    extract: Extract
    profiles: tuple[str, ...]
    warnings: int
    notes: int
    downloads: tuple[Download, ...]
    findings_download: bool

    @property
    def files_removed(self) -> bool:
        """Whether what it had, a file or the rows of its findings, was removed."""
        had = self.extract.state == "done" or bool(self.warnings + self.notes)
        return had and self.extract.files_removed_at is not None

    @property
    def state_label(self) -> str:
        return STATE_LABELS[self.extract.state]

    @property
    def made_by(self) -> str:
        return str(self.extract.created_by or "Scheduled process")

    @property
    def first_profiles(self) -> tuple[str, ...]:
        return self.profiles[:PROFILES_SHOWN]

    @property
    def more_profiles(self) -> int:
        return max(0, len(self.profiles) - PROFILES_SHOWN)

    @property
    def percent(self) -> int:
        return round(100 * self.extract.progress)

    @property
    def waits_long(self) -> bool:
        """Whether no worker has taken it for longer than a worker that runs would take."""
        return self.extract.state == "queued" and timezone.now() - self.extract.created_at > LONG_WAIT


def with_parts(extracts: "QuerySet[Extract]") -> "QuerySet[Extract]":
    """The extracts with what `summary_of` needs, in a fixed number of queries."""
    return extracts.prefetch_related(_profiles(), "findings")


def with_parts_of(extracts: list[Extract]) -> list[Extract]:
    """The same of extracts that are at hand."""
    prefetch_related_objects(extracts, _profiles(), "findings")
    return extracts


def _profiles() -> "Prefetch[Literal['profiles'], QuerySet[ExtractProfile], str]":
    return Prefetch("profiles", queryset=ExtractProfile.objects.only("name", "extract_id", "profile_id", "lea_id"))


def summaries(actor: Actor, extracts: Iterable[Extract]) -> list[Summary]:
    return [summary_of(actor, extract) for extract in extracts]


def summary_of(actor: Actor, extract: Extract) -> Summary:
    findings = [row.finding for row in extract.findings.all()]
    warnings = sum(finding.severity == "warning" for finding in findings)
    allowed = can_download(actor, extract)
    return Summary(
        extract,
        tuple(profile.name for profile in extract.profiles.all()),
        warnings,
        len(findings) - warnings,
        downloads_of(extract) if allowed else (),
        findings_download=allowed and bool(findings),
    )


def downloads_of(extract: Extract) -> tuple[Download, ...]:
    files: list[str] = extract.files
    if len(files) < 2:
        return tuple(Download(name, "Download") for name in files)
    return tuple(Download(name, f"Download file {n} of {len(files)}") for n, name in enumerate(files, 1))


def save_name(extract: Extract, file_name: str) -> str:
    """The name under which a browser saves a file: nothing in it can lead elsewhere or be a formula."""
    stem = f"{token(extract.name)[:_LONGEST_FILE_NAME]}_{extract.as_of.isoformat()}"
    if file_name == FINDINGS_FILE:
        return f"{stem}_findings.csv"
    number = re.search(r"\d+", file_name)
    return f"{stem}_{number[0]}.csv" if number and len(extract.files) > 1 else f"{stem}.csv"
