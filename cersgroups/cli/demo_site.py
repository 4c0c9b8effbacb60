"""What the demo's web application starts with: people, the district's roster, profiles and finished extracts.

All of it is made by the actions and the jobs that people's clicks would call, with the people as actors.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rich.console import Console
from rich.table import Table

from cersgroups.cers.sandbox import Sandbox
from cersgroups.cli.progress import Progress
from cersgroups.core.error import DataStop
from cersgroups.core.permission import Actor, Level
from cersgroups.core.profile import Profile
from cersgroups.core.profile_text import to_mapping
from cersgroups.engine.snapshot import Snapshot

if TYPE_CHECKING:
    import subprocess

    from cersgroups.records.extract import Extract
    from cersgroups.records.snapshot import Snapshot as SnapshotRecord
    from cersgroups.records.upload import Upload

PASSWORD = "open-to-everybody"  # noqa: S105 - shown to everybody, for invented people on this machine only
_JOB_SECONDS = 300.0
_SCHOOLS_OWN = "English at my school"

Worker: TypeAlias = "subprocess.Popen[bytes] | None"


@dataclass(frozen=True)
class DemoPerson:
    """`may` is what the table of sign-ins says."""

    email: str
    name: str
    level: Level
    may: str


ADA = DemoPerson("ada@demo.example", "Ada Admin", "admin", "Admin: everything")
ALMA = DemoPerson("alma@demo.example", "Alma Administer", "administer", "Administer: own profiles and files")
SAM = DemoPerson("sam@demo.example", "Sam School", "administer", "Administer at {school}")

_OF_ALMA = ("English classes", "Mathematics courses", "Student groups")
"""The other profiles are Ada's; Sam has one of the school's own."""


def fill(
    roster: Path, snapshot: Snapshot, profiles: Sequence[Profile], as_of: date, worker: Worker, progress: Progress
) -> list[DemoPerson]:
    """Make all of it; Django is set up, the tables are there, the worker runs.

    Raises DataStop if a job fails, or the worker ends.
    """
    from django.db import connections

    progress("bringing in the roster", 0.3)
    ada = _admin(snapshot.name)
    school_id, school = _bring_in(ada, roster, worker)
    alma, sam = _invite(ada, ALMA), _invite(ada, SAM, school_id)
    progress("making profiles and extracts", 0.7)
    ids = {p.name: _profile(alma if p.name in _OF_ALMA else ada, p) for p in profiles}
    english = profiles[0]
    own = _profile(sam, replace(english, name=_SCHOOLS_OWN, schools=(school_id,)))
    _extract(alma, [ids[name] for name in _OF_ALMA[:2]], as_of, worker)
    _extract(ada, [ids[p.name] for p in profiles if p.type == "elementary_teacher"], as_of, worker)
    _extract(sam, [own], as_of, worker)
    connections.close_all()
    return [ADA, ALMA, replace(SAM, may=SAM.may.format(school=school))]


def connect_to(cers: Sandbox) -> None:
    """Switch uploads on, with a credential that this sandbox of the receiver knows; Django is set up."""
    from django.db import connections

    from cersgroups.actions.actor import actor_for, memberships_of
    from cersgroups.actions.credential import LIFE_DAYS, Entry, save_credential
    from cersgroups.actions.lea import change_settings
    from cersgroups.records.person import Person

    person = Person.objects.get(email=ADA.email)
    [membership] = memberships_of(person)
    ada = actor_for(person, membership.lea_id)
    change_settings(ada, uploads_enabled=True)
    known, expires_on = cers.credential(), membership.lea.today() + timedelta(days=LIFE_DAYS)
    addresses = cers.endpoints
    save_credential(
        ada,
        Entry(
            "Sandbox",
            known.kind,
            addresses.token_url,
            addresses.import_url,
            expires_on,
            known.username,
            known.password,
            known.client_id,
            known.client_secret,
        ),
    )
    connections.close_all()


def show_sign_ins(people: Sequence[DemoPerson], cers: Sandbox) -> None:
    """The address and who can sign in, in one table; and where what was uploaded can be seen."""
    from django.conf import settings

    console = Console()
    console.print(f"The web application is at [bold]{settings.URL}[/bold]. Sign in as one of these; Ctrl-C ends it.")
    table = Table()
    for title in ("E-mail", "Password", "Who"):
        table.add_column(title, no_wrap=title != "Who")
    for person in people:
        table.add_row(person.email, PASSWORD, f"{person.name}. {person.may}")
    console.print(table)
    seen = cers.url.replace("127.0.0.1", "localhost")
    console.print(f"Uploads go to a stand-in for CERS, which shows what it holds: [bold]{seen}[/bold]")


def _admin(lea_name: str) -> Actor:
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.first_admin import create_first_admin, make_link

    person, lea = create_first_admin(make_link(), email=ADA.email, name=ADA.name, password=PASSWORD, lea_name=lea_name)
    return actor_for(person, lea.pk)


def _bring_in(ada: Actor, roster: Path, worker: Worker) -> tuple[str, str]:
    """Upload the roster and have it converted; returns id and name of the school person's school."""
    from cersgroups.actions.roster_file import UploadedFile
    from cersgroups.actions.snapshot import upload_roster
    from cersgroups.records.school import School
    from cersgroups.records.scope import lea_scope
    from cersgroups.records.snapshot import Snapshot as Record

    with ExitStack() as files:
        tables = [UploadedFile(path.name, files.enter_context(path.open("rb"))) for path in sorted(roster.iterdir())]
        record = upload_roster(ada, tables)
    with lea_scope(ada.lea_id):
        wait(worker, lambda: Record.objects.get(pk=record.pk), "ready")
        # a school with departments: its profile is one of classes
        school = School.objects.filter(lea_id=ada.lea_id, schedule__in=("flex", "master")).order_by("number").last()
        assert school is not None  # noqa: S101 - every demo district has one
        return school.school_id, school.name


def _invite(ada: Actor, person: DemoPerson, school_id: str = "") -> Actor:
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.person import invite

    member = invite(ada, person.email, person.name, person.level, [school_id] if school_id else None)
    # elsewhere people set their own by the link in the invitation's mail
    member.person.set_password(PASSWORD)
    member.person.save()
    return actor_for(member.person, ada.lea_id)


def _profile(owner: Actor, profile: Profile) -> int:
    from cersgroups.actions.profile import create_profile

    return create_profile(owner, to_mapping(profile)).pk


def _extract(actor: Actor, profile_ids: list[int], as_of: date, worker: Worker) -> None:
    from cersgroups.actions.extract import create_extracts
    from cersgroups.records.extract import Extract
    from cersgroups.records.scope import lea_scope

    for extract in create_extracts(actor, profile_ids, consolidate=len(profile_ids) > 1, as_of=as_of):
        with lea_scope(actor.lea_id):
            wait(worker, lambda pk=extract.pk: Extract.objects.get(pk=pk), "done")  # type: ignore[misc]


def wait(worker: Worker, read: "Callable[[], Extract | SnapshotRecord | Upload]", done: str) -> None:
    """Wait until the worker has done the record's job. Raises DataStop if that failed."""
    deadline = time.monotonic() + _JOB_SECONDS
    while (record := read()).state != done:
        if record.state == "failed":
            raise DataStop(f"{record} failed: {record.why}")
        if worker is not None and worker.poll() is not None:
            raise DataStop("The worker has ended before its work was done. What it said stands above.")
        if time.monotonic() > deadline:
            raise DataStop(f"{record} is not done after {_JOB_SECONDS:.0f} seconds. Is this machine very busy?")
        time.sleep(0.05)
