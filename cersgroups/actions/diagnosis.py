"""What is wrong with this installation (`cersgroups doctor`): database, clock, workers, mail, disk, folders, backup."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from smtplib import SMTPException
from time import time

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.utils import timezone

from cersgroups import __version__
from cersgroups.actions.diagnosis_lea import look_at_leas
from cersgroups.core.diagnosis import Symptom
from cersgroups.core.error import Stop
from cersgroups.core.secret_file import others_can_read
from cersgroups.records.bucket import BucketAway, configured_bucket
from cersgroups.records.encryption_key import encryption_file
from cersgroups.records.folder import data_folder
from cersgroups.records.given_up_job import GivenUpJob
from cersgroups.records.last_backup import last_backup
from cersgroups.records.mail import installation_has_mail
from cersgroups.records.operation_figure import read_figures
from cersgroups.records.readiness import folder_is_writable, missing_migrations, unknown_migrations
from cersgroups.records.role import can_become_owner, check_role
from cersgroups.records.server import OLDEST_VERSION

_CLOCK_SECONDS = 5
_QUEUE_MINUTES = 15
_BACKUP_HOURS = 48
_RECENTLY = timedelta(days=7)
_GIB = 1 << 30
_FULL, _NEARLY_FULL = 1 * _GIB, 5 * _GIB
"""Bytes that are free: a large district's roster, converted and built, takes about one."""


def look() -> list[Symptom]:
    """Everything, in the order in which it is best put right; what needs the database is left out without it."""
    found = [*_folder(), *_bucket(), *_disk(), *_mail(), *_backup()]
    database = list(_database())
    if all(symptom.verdict == "ok" for symptom in database):
        parts = (_role, _clock, _queue, _given_up, look_at_leas)
        database += [symptom for part in parts for symptom in _guarded(part)]
    return [Symptom("version", "ok", f"This is cersgroups {__version__}."), *database, *found]


def _guarded(part: Callable[[], Iterator[Symptom]]) -> list[Symptom]:
    try:
        return list(part())
    except DatabaseError as e:
        return [Symptom("database", "fault", f"The database refuses a question: {str(e).splitlines()[0]}")]


def _database() -> Iterator[Symptom]:
    migrate = "Run: cersgroups manage migrate --database owner"
    try:
        check_role()
        unknown, missing = unknown_migrations(), missing_migrations()
    except Stop as stop:
        yield Symptom("database", "fault", str(stop))
        return
    except DatabaseError as e:
        yield Symptom("database", "fault", f"The database does not answer: {str(e).splitlines()[0]}")
        return
    version = connection.cursor().connection.info.server_version
    yield Symptom(
        "database",
        "ok",
        f"PostgreSQL {version // 10000}.{version % 10000} answers; {OLDEST_VERSION} and newer are supported.",
    )
    if unknown:
        yield Symptom(
            "tables", "fault", f"A newer version has used this database ({_name(unknown[-1])}). Install that version."
        )
    elif missing:
        yield Symptom("tables", "fault", f"{len(missing)} changes of the tables are missing. {migrate}")
    else:
        yield Symptom("tables", "ok", "The tables are those of this version.")


def _name(migration: tuple[str, str]) -> str:
    return ".".join(migration)


def _role() -> Iterator[Symptom]:
    if can_become_owner():
        yield Symptom(
            "role",
            "warning",
            "The application signs in as the tables' owner, whose rights a fault in it could take on again. Give "
            "cersgroups_app a password, name it in DATABASE_URL and the owner in DATABASE_OWNER_URL (docs/install.md).",
        )
    else:
        yield Symptom("role", "ok", "The application signs in as a role that owns nothing.")


def _clock() -> Iterator[Symptom]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        difference = abs(float(cursor.fetchone()[0]) - time())
    if difference > _CLOCK_SECONDS:
        sentence = (
            f"The clocks of this machine and of the database differ by {difference:,.0f} seconds. Set both by NTP."
        )
        yield Symptom("clock", "fault", sentence)
    else:
        yield Symptom("clock", "ok", "The clocks of this machine and of the database agree.")


def _queue() -> Iterator[Symptom]:
    figures = read_figures()
    beats = sum(figure.value for figure in figures if figure.name == "heartbeats")
    if beats:
        yield Symptom("workers", "ok", "A worker has been heard of in the last 15 seconds.")
    else:
        yield Symptom(
            "workers",
            "fault",
            "No worker has been heard of in the last 15 seconds, so nothing is converted, built, uploaded or mailed. "
            "Start cersgroups serve, or cersgroups worker.",
        )
    minutes = max((figure.value for figure in figures if figure.name == "queue_age_seconds"), default=0.0) / 60
    if minutes > _QUEUE_MINUTES:
        sentence = f"A job has waited for {minutes:,.0f} minutes. Start more workers, and read the worker's log."
        yield Symptom("queue", "warning" if beats else "fault", sentence)
    else:
        yield Symptom("queue", "ok", f"No job has waited for more than {_QUEUE_MINUTES} minutes.")


def _given_up() -> Iterator[Symptom]:
    """What always fails shows nowhere else: the jobs do not stay in the queue."""
    since = timezone.now() - _RECENTLY
    recent = [job for job in GivenUpJob.objects.all() if job.last_at > since]
    for job in recent:
        sentence = (
            f"{job.task} failed and was given up on {job.last_at:%Y-%m-%d at %H:%M} UTC; {job.count:,} times in all. "
            f"The worker's log says where it failed."
        )
        yield Symptom("jobs", "warning", sentence)
    if not recent:
        yield Symptom("jobs", "ok", f"No job was given up in the last {_RECENTLY.days} days.")


def _mail() -> Iterator[Symptom]:
    if not installation_has_mail():
        yield Symptom(
            "mail", "warning", "There is no mail server, so that nobody gets a mail. Set CERSGROUPS_SMTP_URL."
        )
        return
    server = get_connection()
    try:
        server.open()
        server.close()
    except (OSError, SMTPException) as e:
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        kind = e.strerror if isinstance(e, OSError) and e.strerror else type(e).__name__
        yield Symptom("mail", "fault", f"The mail server {where} cannot be used ({kind}). Check CERSGROUPS_SMTP_URL.")
    else:
        yield Symptom("mail", "ok", "The mail server can be reached.")


def _disk() -> Iterator[Symptom]:
    free = shutil.disk_usage(data_folder()).free
    sentence = f"{free / _GIB:,.1f} GB are free where {data_folder()} lies."
    if free < _NEARLY_FULL:
        yield Symptom("disk", "fault" if free < _FULL else "warning", f"{sentence} Make room, or get a larger disk.")
    else:
        yield Symptom("disk", "ok", sentence)


def _bucket() -> Iterator[Symptom]:
    bucket = configured_bucket()
    if bucket is None:
        return
    try:
        bucket.check()
    except BucketAway as away:
        yield Symptom("bucket", "fault", f"{away} Check CERSGROUPS_BUCKET, its endpoint and the credentials for it.")
    else:
        yield Symptom("bucket", "ok", f"The bucket {bucket.name} can be written to and read.")


def _backup() -> Iterator[Symptom]:
    last, nightly = last_backup(), "Run cersgroups backup every night (docs/backup.md)."
    if last is None:
        yield Symptom(
            "backup", "warning", f"No backup was made here yet. {nightly} If another machine makes them, ask there."
        )
        return
    hours = (timezone.now() - last.at).total_seconds() / 3600
    if last.faults:
        files = "a file was" if last.faults == 1 else f"{last.faults:,} files were"
        yield Symptom(
            "backup",
            "fault",
            f"The last backup is not whole: {files} missing or damaged. Run cersgroups backup, which names them, "
            f"and take them from an older one.",
        )
    elif hours > _BACKUP_HOURS:
        yield Symptom("backup", "warning", f"The last backup was made {hours / 24:,.0f} days ago. {nightly}")
    else:
        yield Symptom("backup", "ok", f"The last backup was made {hours:,.0f} hours ago, and is whole.")


def _folder() -> Iterator[Symptom]:
    folder = data_folder()
    wrong = list(_wrong_permissions())
    if not folder_is_writable():
        wrong.insert(0, f"{folder}: nothing can be written there. Run as the user that it belongs to.")
    yield from (Symptom("data folder", "fault", sentence) for sentence in wrong)
    if not wrong:
        yield Symptom("data folder", "ok", f"{folder} can be written to, and is closed to others.")


def _wrong_permissions() -> Iterator[str]:
    """Of the data folder itself and its secrets the settings have been judged (config/check.py)."""
    leas = data_folder() / "leas"
    for path in (leas, *leas.iterdir()) if leas.is_dir() else (leas,) if leas.exists() else ():
        if not path.is_dir():
            yield f"{path}: is no folder, where one of students' data must be. Move it away."
        elif others_can_read(path):
            yield f"{path}: others can reach students' data. Run: chmod 700 {path}"
        elif path.stat().st_uid != os.geteuid():
            yield f"{path}: belongs to another user. Run as that user, or change the owner of the whole folder."
    if not settings.ENCRYPTION_KEYS and not encryption_file().exists():
        yield f"{encryption_file()} is gone: stored credentials cannot be opened. Put it back from where it is kept."
