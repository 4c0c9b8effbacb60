"""`cersgroups simulate FILE...`: what CERS would answer and hold after these uploads, in this order."""

import argparse
import json
from pathlib import Path
from typing import Any

from cersgroups.cers.validation import read
from cersgroups.cers.warehouse import Upload, Warehouse
from cersgroups.cli.terminal import shown
from cersgroups.cli.validate import add_known, known_from, lines, split

_SENTENCES = {
    "loaded": "loaded",
    "skipped": "skipped, for CERS has processed the same bytes before; what it holds has not changed",
    "load_failed": "accepted, but then it failed to load; what CERS holds has not changed",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="student groups files, in order")
    add_known(parser)
    parser.add_argument("--students", metavar="SSID,SSID", default="", help="students CERS knows already")


def run(args: argparse.Namespace) -> int:
    """Print what becomes of each upload. Status 0 if all are loaded or skipped, else 1."""
    warehouse = Warehouse(known_from(args), split(args.students))
    contents = [(file, read(file)) for file in args.files]
    uploads = []
    for file, content in contents:
        upload = warehouse.upload(content)
        uploads.append((file, upload, _groups(warehouse)))
    print(_as_json(uploads) if args.json else _as_text(uploads))
    return 0 if all(upload.outcome in ("loaded", "skipped") for _, upload, _ in uploads) else 1


def _groups(warehouse: Warehouse) -> list[dict[str, Any]]:
    """The groups CERS holds, without those deleted on its page."""
    columns = ("school", "name", "year", "subject", "members", "users")
    groups: list[dict[str, Any]] = [dict(group) for group in warehouse.state()["groups"]]
    return [{column: group[column] for column in columns} for group in groups if not group["deleted"]]


def _as_json(uploads: list[tuple[Path, Upload, list[dict[str, Any]]]]) -> str:
    answer = [
        {
            "file": str(file),
            "outcome": upload.outcome,
            "results": upload.verdict.results_as_json(),
            "state": {"groups": groups},
        }
        for file, upload, groups in uploads
    ]
    return json.dumps({"uploads": answer})


def _as_text(uploads: list[tuple[Path, Upload, list[dict[str, Any]]]]) -> str:
    told = [line for file, upload, _ in uploads for line in _upload_lines(file, upload)]
    return "\n".join(map(shown, [*told, "", *_group_lines(uploads[-1][2])]))


def _upload_lines(file: Path, upload: Upload) -> list[str]:
    if upload.outcome not in _SENTENCES:
        return lines(upload.verdict, file.name)
    told = [f"{file.name}: {_SENTENCES[upload.outcome]}."]
    if upload.reason:
        told.append(f"  {upload.reason}")
    return told


def _group_lines(groups: list[dict[str, Any]]) -> list[str]:
    if not groups:
        return ["CERS would hold no groups."]
    return ["CERS would hold:", *map(_group_line, groups)]


def _group_line(group: dict[str, Any]) -> str:
    subject = group["subject"] or "all subjects"
    users = ", ".join(group["users"]) or "no users"
    where = f"{group['school']} {group['year']} {group['name']}"
    return f"  {where} ({subject}), students: {len(group['members'])}, users: {users}"
