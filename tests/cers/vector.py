"""The vectors: what the real receiver did with these files (tests/vectors/README.md)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cersgroups.cers.known import Known

FOLDER = Path(__file__).parent.parent / "vectors"
HARMFUL = ("silent", "junk", "load_failed", "crash")


@dataclass(frozen=True)
class Vector:
    """One case and its folder."""

    folder: Path
    case: dict[str, Any]

    @property
    def known(self) -> Known:
        config = self.case["config"]
        return Known(frozenset(config["schools"]), frozenset(config["years"]), tuple(config["subjects"]))

    @property
    def uploads(self) -> list[dict[str, Any]]:
        uploads: list[dict[str, Any]] = self.case["uploads"]
        return uploads

    def content(self, upload: dict[str, Any]) -> bytes:
        file: str = upload["file"]
        return (self.folder / file).read_bytes()


@cache
def vectors() -> tuple[Vector, ...]:
    folders = sorted(path.parent for path in FOLDER.glob("*/case.json"))
    return tuple(Vector(folder, json.loads((folder / "case.json").read_text(encoding="utf-8"))) for folder in folders)
