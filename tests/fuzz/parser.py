"""Everything that reads what others wrote, as functions of bytes: whatever they get, only a Stop may come out.

`python -m tests.fuzz NAME` throws bytes at one for as long as it is told; test_parser.py throws a few in `make test`.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any
from unittest.mock import patch

import httpx

from cersgroups.cers.import_message import results_of
from cersgroups.cers.known import Known
from cersgroups.cers.validation import validate, validate_exactly
from cersgroups.cers.warehouse import Warehouse
from cersgroups.core import pasted_file, pasted_list, profile, profile_text
from cersgroups.core.error import Stop
from cersgroups.core.storable import storable
from cersgroups.engine.roster import RosterFolder
from cersgroups.engine.snapshot import write_snapshot
from cersgroups.sources import exchange, mapping
from cersgroups.sources.roster import open_roster
from tests.fuzz import database_parser, file_parser, server_parser, stored_parser
from tests.fuzz.tiny import TINY, TINY_ONEROSTER

KNOWN = Known(None, frozenset({2026, 2027}))


def groups_file(content: bytes) -> None:
    """The receiver's check, and what it would store; the quick way and the exact way say the same."""
    assert validate(content, KNOWN) == validate_exactly(content, KNOWN)
    Warehouse(KNOWN, []).upload(content)


def answer_message(content: bytes) -> None:
    """The message in the receiver's answer."""
    results_of(content.decode("utf-8", "replace"))


def profile_toml(content: bytes) -> None:
    """A profile; what is understood is written and understood again."""
    meaning = profile.from_toml(content.decode("utf-8", "replace"))
    with understood():
        assert profile.from_toml(profile_text.to_toml(meaning)) == meaning


def student_list(content: bytes) -> None:
    """A file added to a list of students; what is understood is written and understood again."""
    students = list(pasted_list.read_students(pasted_file.text_of(content)).students)
    with understood():
        assert list(pasted_list.read_students("\n".join(map(pasted_list.line_of, students))).students) == students


@contextmanager
def understood() -> Iterator[None]:
    """What we have written ourselves is understood: there a Stop is a fault too."""
    try:
        yield
    except Stop as stop:
        raise AssertionError(stop) from None


def mapping_toml(content: bytes) -> None:
    """A mapping; what is understood is written and understood again."""
    meaning = mapping.from_toml(content.decode("utf-8", "replace"))
    with understood():
        assert mapping.from_toml(mapping.to_toml(meaning)) == meaning


def roster_zip(content: bytes) -> None:
    """An uploaded zip, up to the snapshot."""
    with TemporaryDirectory() as name:
        path = Path(name) / "roster.zip"
        path.write_bytes(content)
        opened = open_roster(path, Path(name) / "work")
        write_snapshot(RosterFolder(opened.folder, opened.labels), Path(name) / "snapshot", source=opened.kind)


def roster_table(content: bytes) -> None:
    """The first line names the table, the rest is its CSV; the others are those of a tiny LEA."""
    table, _, rows = content.partition(b"\n")
    name = table.decode("ascii", "ignore").strip()
    files = {**TINY, **({name: rows} if name in TINY else {"sections": content})}
    roster_zip(zipped({f"{table}.csv": text for table, text in files.items()}))


def oneroster_table(content: bytes) -> None:
    """The same for OneRoster."""
    table, _, rows = content.partition(b"\n")
    name = table.decode("ascii", "ignore").strip()
    files = {**TINY_ONEROSTER, **({name: rows} if name in TINY_ONEROSTER else {"users": content})}
    roster_zip(zipped({f"{table}.csv": text for table, text in files.items()}))


def json_answer(content: bytes) -> None:
    """Rows in the answer of a SIS: what the standard library reads, and nothing of an answer that was cut."""
    for under in ("", "users"):
        with suppress(Stop):
            rows = rows_in(content, under)
            with suppress(ValueError):
                whole = json.loads(content)
                assert rows == (whole[under] if under else whole)
                assert not reads(content.rstrip()[:-1], under)


def rows_in(content: bytes, under: str) -> list[dict[str, Any]]:
    with TemporaryFile() as body:
        body.write(content)
        return list(exchange.Answer("GET /users", httpx.Headers(), body, len(content)).rows(under))


def reads(content: bytes, under: str) -> bool:
    try:
        rows_in(content, under)
    except Stop:
        return False
    return True


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


Parser = Callable[[bytes], None]

PARSERS: dict[str, tuple[Parser, list[bytes]]] = {
    "groups_file": (
        groups_file,
        [
            b"group_name,school_natural_id,school_year,subject_code,student_ssid,group_user_login\n"
            b"A,99000000000001,2027,ELA,1234567890,a@b.c\n"
        ],
    ),
    "answer_message": (answer_message, [b"Row 1: Invalid school year: 1999"]),
    "profile_toml": (
        profile_toml,
        [
            b'name = "A"\nschool_year = 2027\nsubject = "ELA"\ntype = "grade"\nschools = ["1"]\n[filters]\n'
            b'grades = ["05"]\n'
        ],
    ),
    "student_list": (
        student_list,
        [b'Name,SSID\n"Garcia, Ana",7000000001\n', b"7000000001\n2000002; S3", b'Garcia\t7000000001\nLee\t="2000002"'],
    ),
    "mapping_toml": (mapping_toml, [b'ssid = "userIds:SSID"\ncds = "metadata.cds"\nend_date = "inclusive"\n']),
    "roster_zip": (
        roster_zip,
        [zipped({f"{t}.csv": c for t, c in TINY.items()}), zipped({f"{t}.csv": c for t, c in TINY_ONEROSTER.items()})],
    ),
    "roster_table": (roster_table, [table.encode() + b"\n" + rows for table, rows in TINY.items()]),
    "oneroster_table": (oneroster_table, [table.encode() + b"\n" + rows for table, rows in TINY_ONEROSTER.items()]),
    "json_answer": (json_answer, [b'[{"a": 1}]', b'{"users": [{"a": [null, 1.5, "x"]}]}']),
    "aeries_answer": (
        server_parser.aeries_answer,
        [address.encode() + b"\n" + rows for address, rows in server_parser.AERIES.items()],
    ),
    "oneroster_answer": (
        server_parser.oneroster_answer,
        [name.encode() + b"\n" + rows for name, rows in server_parser.ONEROSTER.items()],
    ),
    "server_header": (
        server_parser.server_header,
        [b"Tue, 24 Nov 2026 20:00:00 GMT", b'<https://sis.example/users?offset=100>; rel="next"', b"5000"],
    ),
    "token_answer": (
        server_parser.token_answer,
        [b'{"access_token": "abc", "expires_in": 300}', b'{"access_token": "abc", "expires_in": "3600"}'],
    ),
    "credential_toml": (
        file_parser.credential_toml,
        [
            b'token_url = "https://a.example/token"\nimport_url = "https://b.example"\nkind = "client"\n'
            b'client_id = "i"\nclient_secret_file = "secret.txt"\n'
        ],
    ),
    "setting": (
        file_parser.setting,
        [b"true", b"8000", b"10.0.0.0/8, ::1", b"https://a.example/v2.0", b"postgresql://u:p@h:5432/n?sslmode=require"],
    ),
    "source_toml": (
        file_parser.source_toml,
        [b'kind = "%s"\nsecret_file = "secret.txt"\n[settings]\n%s' % source for source in file_parser.SOURCES],
    ),
    "refusal": (server_parser.refusal, [b'{"message": "no such year"}', b'{"errors": [{"description": "x"}]}']),
    "receiver_answer": (
        server_parser.receiver_answer,
        [b'{"id": 7, "status": "PROCESSED", "digest": "AB", "message": "Row: 1 Failure: no school"}'],
    ),
    "database_rows": (
        database_parser.database_rows,
        [table.encode() + b"\n" + rows for table, rows in database_parser.DATABASE.items()],
    ),
    "backup_file": (stored_parser.backup_file, stored_parser.BACKUP_SEEDS),
    "backup_contents": (stored_parser.backup_contents, [stored_parser.CONTENTS_SEED]),
    "snapshot_manifest": (stored_parser.snapshot_manifest, [stored_parser.SNAPSHOT_SEED]),
    "ledger_manifest": (stored_parser.ledger_manifest, [stored_parser.LEDGER_SEED]),
}
"""By name: the parser, and what it reads without complaint."""


def throw(parser: Parser, content: bytes) -> None:
    """Give it the bytes. Whatever it raises beside a Stop is a fault of ours, and is raised; so is a Stop whose
    sentence no record could hold."""
    told = ""
    try:
        with patch("os.fsync"):  # nothing need be on the disk: most of the time goes there
            parser(content)
    except Stop as stop:
        told = str(stop)
    assert told == storable(told)
