"""Every public action refuses the wrong person. A new action must be added to CALLS, or the first test fails."""

import inspect
import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from django.utils import timezone

import cersgroups.actions
from cersgroups.actions.api_token import create_token, revoke_token
from cersgroups.actions.audit import actions_in_log, people_in_log, visible_entries, write_entries
from cersgroups.actions.comparison import compare
from cersgroups.actions.credential import (
    Entry,
    delete_credential,
    find_credential,
    save_credential,
    try_credential,
    visible_credentials,
)
from cersgroups.actions.draft import open_draft, start_draft
from cersgroups.actions.extract import (
    create_extracts,
    download_extract,
    extract_findings,
    find_extract,
    read_finding_rows,
    visible_extracts,
)
from cersgroups.actions.figure import extract_figures
from cersgroups.actions.held_student import find_held_student
from cersgroups.actions.lea import change_settings
from cersgroups.actions.ledger import find_held_groups, find_held_users, retirable, write_access
from cersgroups.actions.options import offer, support
from cersgroups.actions.overlap import find_shared_groups
from cersgroups.actions.person import (
    change_rights,
    find_member,
    invite,
    invite_again,
    remove,
    sign_out_everywhere,
    visible_members,
)
from cersgroups.actions.preview import ask_preview
from cersgroups.actions.profile import (
    create_profile,
    delete_profile,
    duplicate_profile,
    export_profile,
    find_profile,
    hand_over_profile,
    import_profile,
    possible_owners,
    read_profile,
    save_profile,
    visible_profiles,
)
from cersgroups.actions.profile_health import ask_health, note_gone_students, roll_profile_forward
from cersgroups.actions.retention import save_retention
from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.scheduled_process import (
    disable_scheduled_process,
    find_scheduled_process,
    save_scheduled_process,
)
from cersgroups.actions.scheduled_run import find_run, run_now, visible_runs
from cersgroups.actions.side_file import remove_side_files, save_side_files, visible_side_files
from cersgroups.actions.snapshot import (
    convert_again,
    current_snapshot,
    find_snapshot,
    go_back,
    make_current,
    newest_held,
    remembered_mapping,
    snapshot_findings,
    suggest_mapping,
    upload_roster,
    visible_snapshots,
)
from cersgroups.actions.snapshot_finding import read_roster_finding_rows, write_roster_findings
from cersgroups.actions.source import (
    ByItself,
    check_source,
    delete_source,
    find_source,
    save_source,
    save_sync_schedule,
    visible_sources,
)
from cersgroups.actions.support import current_support, snapshot_support
from cersgroups.actions.sync import cancel_sync, sync_now, visible_syncs
from cersgroups.actions.upload import (
    agree,
    cancel,
    create_upload,
    download_upload_file,
    find_upload,
    mark_uploaded,
    read_difference_rows,
    read_retired_groups,
    retire_groups,
    visible_uploads,
)
from cersgroups.core.error import NotThere, PermissionRefused
from cersgroups.core.permission import Actor
from cersgroups.core.profile import from_mapping
from cersgroups.core.profile_text import to_toml
from cersgroups.records.audit import AuditEntry
from cersgroups.records.extract import Extract
from cersgroups.records.scheduled_process import ScheduledRun
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload
from tests.people import People
from tests.profiles import CLASSES, GRADES
from tests.roster import give_roster
from tests.schedule import save
from tests.sis import connected
from tests.sis import entry as sis_entry


@dataclass(frozen=True)
class World:
    """Alma's profile, extract of all schools and two uploads of it, in an LEA with a roster and a credential.

    One upload is `held`, one is `ready` to be done by hand. `person` is somebody to be managed.
    """

    people: People
    profile: int
    extract: int
    snapshot: int
    credential: int
    held: int
    ready: int
    run: int
    token: int
    source: int

    @property
    def person(self) -> int:
        return self.people.vera.person_id


@pytest.fixture
def world(people: People, stored_snapshot: Path) -> Iterator[World]:
    snapshot = give_roster(people.lea_id, stored_snapshot)
    profile = create_profile(people.alma, CLASSES)
    [extract] = create_extracts(people.alma, [profile.pk])
    with lea_scope(people.lea_id):
        Extract.objects.filter(pk=extract.pk).update(state="done", files=["extract-1.csv"])
    extract.folder.mkdir()
    (extract.folder / "extract-1.csv").write_text("a file")
    save(people.ada, enable=None)
    change_settings(people.ada, uploads_enabled=True)
    credential = save_credential(people.ada, entry("LEA")).pk
    held, ready = (create_upload(people.alma, extract.pk, by_hand=by_hand).pk for by_hand in (False, True))
    with lea_scope(people.lea_id):
        for upload, state in ((held, "held"), (ready, "ready")):
            Upload.objects.filter(pk=upload).update(state=state)
            Upload.objects.get(pk=upload).folder.mkdir()
            (Upload.objects.get(pk=upload).folder / "difference.csv").write_text("school\n")
        run = ScheduledRun.objects.create(
            lea_id=people.lea_id, occurrence="2026-11-20T22:30", due_at=timezone.now(), state="done"
        )
    token, _text = create_token(people.alma, "Program", ["read"], days=1)
    with connected():
        source = save_source(people.ada, sis_entry()).pk
        yield World(people, profile.pk, extract.pk, snapshot, credential, held, ready, run.pk, token.pk, source)


def entry(name: str) -> Entry:
    """A credential; nobody listens at its addresses."""
    url = "http://127.0.0.1:1"
    secrets = {"client_id": "x", "client_secret": "y"}
    return Entry(name, "client", url, url, date(2027, 11, 23), school_ids=SCHOOLS[name], **secrets)


SCHOOLS: dict[str, list[str] | None] = {"LEA": None, "High": ["10"]}


def roster() -> list[UploadedFile]:
    return [UploadedFile("roster.zip", io.BytesIO(b"PK"))]


Call = Callable[[Actor, World], object]

CALLS: dict[Callable[..., object], Call] = {
    visible_entries: lambda a, _w: visible_entries(a),
    people_in_log: lambda a, _w: people_in_log(a),
    actions_in_log: lambda a, _w: actions_in_log(a),
    compare: lambda a, w: compare(a, w.snapshot),
    create_extracts: lambda a, w: create_extracts(a, [w.profile]),
    download_extract: lambda a, w: download_extract(a, w.extract, "extract-1.csv"),
    extract_findings: lambda a, w: extract_findings(a, w.extract),
    find_extract: lambda a, w: find_extract(a, w.extract),
    read_finding_rows: lambda a, w: read_finding_rows(a, w.extract, "name_cut"),
    change_settings: lambda a, _w: change_settings(a, name="Renamed"),
    change_rights: lambda a, w: change_rights(a, w.person, "administer", None),
    invite_again: lambda a, w: invite_again(a, w.person),
    invite: lambda a, _w: invite(a, "new@live-oak.example", "New", "viewer"),
    remove: lambda a, w: remove(a, w.person),
    sign_out_everywhere: lambda a, w: sign_out_everywhere(a, w.person),
    visible_members: lambda a, _w: visible_members(a),
    find_member: lambda a, w: find_member(a, w.person),
    possible_owners: lambda a, w: possible_owners(a, w.profile),
    create_profile: lambda a, _w: create_profile(a, CLASSES),
    import_profile: lambda a, _w: import_profile(a, to_toml_of_classes()),
    delete_profile: lambda a, w: delete_profile(a, w.profile),
    duplicate_profile: lambda a, w: duplicate_profile(a, w.profile),
    export_profile: lambda a, w: export_profile(a, w.profile),
    find_profile: lambda a, w: find_profile(a, w.profile),
    read_profile: lambda a, w: read_profile(a, w.profile),
    hand_over_profile: lambda a, w: hand_over_profile(a, w.profile, w.people.ada.person_id),
    save_profile: lambda a, w: save_profile(a, w.profile, 1, CLASSES),
    convert_again: lambda a, w: convert_again(a, w.snapshot, ""),
    current_snapshot: lambda a, _w: current_snapshot(a),
    find_snapshot: lambda a, w: find_snapshot(a, w.snapshot),
    go_back: lambda a, _w: go_back(a),
    make_current: lambda a, w: make_current(a, w.snapshot),
    snapshot_findings: lambda a, w: snapshot_findings(a, w.snapshot),
    suggest_mapping: lambda a, w: suggest_mapping(a, w.snapshot),
    upload_roster: lambda a, _w: upload_roster(a, roster()),
    visible_snapshots: lambda a, _w: visible_snapshots(a),
    remembered_mapping: lambda a, _w: remembered_mapping(a),
    read_roster_finding_rows: lambda a, w: read_roster_finding_rows(a, w.snapshot, "name_cut"),
    write_roster_findings: lambda a, w: write_roster_findings(a, w.snapshot, Path(os.devnull)),
    current_support: lambda a, _w: current_support(a),
    snapshot_support: lambda a, w: snapshot_support(a, w.snapshot),
    support: lambda a, _w: support(a),
    offer: lambda a, _w: offer(a, "departments", schools=["10"]),
    ask_preview: lambda a, _w: ask_preview(a, CLASSES, 1),
    extract_figures: lambda a, w: extract_figures(a, w.extract),
    find_shared_groups: lambda a, w: find_shared_groups(a, [w.extract]),
    open_draft: lambda a, w: open_draft(a, w.profile, lambda _meaning: CLASSES),
    start_draft: lambda a, _w: start_draft(a, CLASSES),
    ask_health: lambda a, _w: ask_health(a),
    note_gone_students: lambda a, w: note_gone_students(a, {w.profile: 1}),
    roll_profile_forward: lambda a, w: roll_profile_forward(a, w.profile, 1),
    visible_credentials: lambda a, _w: visible_credentials(a),
    find_credential: lambda a, w: find_credential(a, w.credential),
    save_credential: lambda a, _w: save_credential(a, entry("High")),
    delete_credential: lambda a, w: delete_credential(a, w.credential),
    try_credential: lambda a, w: try_credential(a, w.credential),
    newest_held: lambda a, _w: newest_held(a),
    visible_sources: lambda a, _w: visible_sources(a),
    find_source: lambda a, w: find_source(a, w.source),
    save_source: lambda a, _w: save_source(a, sis_entry("Another")),
    delete_source: lambda a, w: delete_source(a, w.source),
    check_source: lambda a, w: check_source(a, w.source),
    save_sync_schedule: lambda a, w: save_sync_schedule(a, w.source, ByItself(False, [], None, True)),
    visible_syncs: lambda a, w: visible_syncs(a, w.source),
    sync_now: lambda a, w: sync_now(a, w.source),
    cancel_sync: lambda a, w: cancel_sync(a, w.source),
    visible_side_files: lambda a, w: visible_side_files(a, w.source),
    save_side_files: lambda a, w: save_side_files(a, w.source, []),
    remove_side_files: lambda a, w: remove_side_files(a, w.source),
    find_held_groups: lambda a, _w: find_held_groups(a, "", 0, 10),
    retirable: lambda a, _w: retirable(a),
    find_upload: lambda a, w: find_upload(a, w.held),
    create_upload: lambda a, w: create_upload(a, w.extract),
    retire_groups: lambda a, _w: retire_groups(a, 2026),
    agree: lambda a, w: agree(a, w.held),
    cancel: lambda a, w: cancel(a, w.held),
    mark_uploaded: lambda a, w: mark_uploaded(a, w.ready),
    download_upload_file: lambda a, w: download_upload_file(a, w.held, "difference.csv"),
    read_difference_rows: lambda a, w: read_difference_rows(a, w.held),
    read_retired_groups: lambda a, w: read_retired_groups(a, w.held, 10),
    find_scheduled_process: lambda a, _w: find_scheduled_process(a),
    save_scheduled_process: lambda a, _w: save(a),
    disable_scheduled_process: lambda a, _w: disable_scheduled_process(a),
    run_now: lambda a, _w: run_now(a),
    visible_runs: lambda a, _w: visible_runs(a),
    find_run: lambda a, w: find_run(a, w.run),
    revoke_token: lambda a, w: revoke_token(a, w.token),
    save_retention: lambda a, _w: save_retention(a, {"extracts": None}, timezone.now()),
    find_held_users: lambda a, _w: find_held_users(a, "", 0, 10),
    find_held_student: lambda a, _w: find_held_student(a, "7000000001"),
    write_entries: lambda a, _w: write_entries(a, AuditEntry.objects.filter(lea_id=a.lea_id), io.StringIO()),
    write_access: lambda a, _w: write_access(a, io.StringIO()),
}

ANYBODYS = {
    "visible_profiles": "gives whoever asks what they may see: tested below",
    "visible_extracts": "gives whoever asks what they may see: tested below",
    "visible_uploads": "gives whoever asks what they may see: tested below",
    "visible_tokens": "gives whoever asks their own, admins all of the LEA: tests/actions/test_api_token.py",
    "create_token": "everybody for themselves, never more than they may do: tests/actions/test_api_token.py",
    "visible_drafts": "gives whoever asks their own",
    "last_draft": "gives whoever asks their own",
    "find_draft": "only one's own: another's is not there",
    "keep_draft": "only one's own: another's is not there",
    "discard_draft": "only one's own: another's is not there",
    "save_draft": "only one's own: another's is not there; saves by create_profile and save_profile",
    "can_download": "answers",
    "can_upload": "answers",
    "may_go_on": "answers",
    "schools_without_primary_classes": "names schools, which everybody in the LEA sees",
    "current_record": "only for other actions, which have checked",
    "current_folder": "only for other actions, which have checked",
    "snapshot_before": "only for other actions, which have checked",
    "do_once": "does what another action does, for the API: tests/api/test_idempotency_key.py",
    "token_in_use": "gives whoever acts by a token that token: tests/actions/test_api_token.py",
    "visible_schools": "names schools, which everybody in the LEA sees",
    "note_readings": "of profiles that visible_profiles gave: tests/api/test_profile.py",
    "note": "only for other actions, which have checked",
    "acting": "the check itself",
}

ADMIN_ONLY = (
    find_member,
    visible_entries,
    change_settings,
    change_rights,
    invite,
    invite_again,
    remove,
    sign_out_everywhere,
    visible_members,
    convert_again,
    go_back,
    make_current,
    suggest_mapping,
    upload_roster,
    read_roster_finding_rows,
    write_roster_findings,
    visible_credentials,
    find_credential,
    save_credential,
    delete_credential,
    try_credential,
    find_held_groups,
    retirable,
    retire_groups,
    visible_sources,
    find_source,
    save_source,
    delete_source,
    check_source,
    save_sync_schedule,
    visible_syncs,
    sync_now,
    cancel_sync,
    visible_side_files,
    save_side_files,
    remove_side_files,
    save_retention,
    find_held_users,
    find_held_student,
    write_entries,
    write_access,
    people_in_log,
    actions_in_log,
)
READ_BY_VIEWERS = (
    extract_findings,
    find_extract,
    extract_figures,
    find_shared_groups,
    read_finding_rows,
    find_upload,
    read_difference_rows,
    read_retired_groups,
)
OF_THE_ROSTER = (
    ask_health,
    compare,
    current_snapshot,
    current_support,
    find_snapshot,
    newest_held,
    remembered_mapping,
    snapshot_findings,
    snapshot_support,
    support,
    visible_snapshots,
)
OF_THE_WHOLE_LEA = (save_scheduled_process, disable_scheduled_process, run_now)
OF_THE_SCHEDULE = (find_scheduled_process, find_run, visible_runs)
UNBOUND = (
    *ADMIN_ONLY[:5],
    visible_members,
    go_back,
    upload_roster,
    create_profile,
    import_profile,
    start_draft,
    ask_health,
    current_snapshot,
    current_support,
    offer,
    ask_preview,
    remembered_mapping,
    support,
    visible_snapshots,
    *OF_THE_WHOLE_LEA,
    find_scheduled_process,
    visible_runs,
    visible_credentials,
    save_credential,
    find_held_groups,
    retirable,
    retire_groups,
    newest_held,
    visible_sources,
    save_source,
    save_retention,
    find_held_users,
    find_held_student,
    write_entries,
    write_access,
    people_in_log,
    actions_in_log,
)
"""What names no record of the LEA: another LEA's admin may do it, but in the own LEA only."""

READS = (
    *READ_BY_VIEWERS[:4],
    *OF_THE_ROSTER,
    *OF_THE_SCHEDULE,
    find_member,
    find_profile,
    find_upload,
    find_credential,
    visible_credentials,
    visible_sources,
    find_source,
    visible_side_files,
    visible_syncs,
    find_held_groups,
    find_held_users,
    retirable,
    offer,
    possible_owners,
    ask_preview,
    write_access,
    write_entries,
    visible_entries,
    people_in_log,
    actions_in_log,
    visible_members,
)
"""What changes nothing and tells no student: it relies on the actor, whom only `actor_for` makes."""


def by_name(*actions: Callable[..., object], but: Sequence[Callable[..., object]] = ()) -> pytest.MarkDecorator:
    chosen = sorted((action for action in actions if action not in but), key=lambda action: action.__name__)
    return pytest.mark.parametrize("action", chosen, ids=lambda action: action.__name__)


def to_toml_of_classes() -> str:
    return to_toml(from_mapping(CLASSES))


def public_actions() -> dict[str, Callable[..., object]]:
    """Every function of the room whose first argument is the acting person."""
    found: dict[str, Callable[..., object]] = {}
    for info in iter_modules(cersgroups.actions.__path__):
        module = import_module(f"cersgroups.actions.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = list(inspect.signature(function).parameters)
            if function.__module__ == module.__name__ and parameters[:1] == ["actor"] and not name.startswith("_"):
                found[name] = function
    return found


def test_every_public_action_is_tested_here() -> None:
    assert set(public_actions()) == {function.__name__ for function in CALLS} | set(ANYBODYS)


def refused(
    actor: Actor, world: World, *actions: Callable[..., object], but: Sequence[Callable[..., object]] = ()
) -> None:
    """All of them, one after the other: what is refused leaves the world as it was."""
    for action in actions:
        if action in but:
            continue
        with lea_scope(actor.lea_id):
            try:
                CALLS[action](actor, world)
            except (PermissionRefused, NotThere):
                continue
        pytest.fail(f"{actor.name or actor.level} may {action.__name__}")


def test_a_viewer_is_refused_whatever_is_not_reading_findings(world: World) -> None:
    refused(world.people.vera, world, *CALLS, but=READ_BY_VIEWERS)


def test_what_admins_do_is_refused_to_people_with_administer(world: World) -> None:
    refused(world.people.alma, world, *ADMIN_ONLY)


def test_a_school_person_is_refused_what_is_others_or_at_other_schools(world: World) -> None:
    refused(world.people.sam, world, *CALLS, but=(*OF_THE_ROSTER, *OF_THE_SCHEDULE, start_draft))


def test_another_leas_admin_reaches_nothing(world: World) -> None:
    refused(world.people.olga, world, *CALLS, but=UNBOUND)


def test_an_actor_whose_membership_is_made_up_is_refused(world: World) -> None:
    """As if a fault elsewhere had made Olga an admin of the first LEA."""
    refused(Actor(world.people.olga.person_id, world.people.lea_id, "admin"), world, *CALLS, but=READS)


@pytest.mark.parametrize("name", ["ada", "alma"])
@by_name(*CALLS, but=(*ADMIN_ONLY, *OF_THE_ROSTER))
def test_the_owner_and_the_admin_may(world: World, action: Callable[..., object], name: str) -> None:
    with lea_scope(world.people.lea_id):
        CALLS[action](world.people.by_name(name), world)


@by_name(*READ_BY_VIEWERS)
def test_a_viewer_reads_findings(world: World, action: Callable[..., object]) -> None:
    with lea_scope(world.people.lea_id):
        CALLS[action](world.people.vera, world)


def test_nobody_sees_the_profiles_of_others_but_admins(world: World) -> None:
    create_profile(world.people.sam, GRADES)
    with lea_scope(world.people.lea_id):
        seen = {
            name: sorted(visible_profiles(world.people.by_name(name)).values_list("name", flat=True))
            for name in ("ada", "alma", "sam", "vera")
        }
    assert seen == {"ada": ["Classes", "Grades"], "alma": ["Classes"], "sam": ["Grades"], "vera": []}


def test_extracts_are_seen_by_admins_viewers_and_whoever_made_them(world: World) -> None:
    with lea_scope(world.people.lea_id):
        seen = {name: visible_extracts(world.people.by_name(name)).count() for name in ("ada", "alma", "sam", "vera")}
    assert seen == {"ada": 1, "alma": 1, "sam": 0, "vera": 1}


def test_uploads_are_seen_by_whoever_sees_their_extract(world: World) -> None:
    with lea_scope(world.people.lea_id):
        seen = {name: visible_uploads(world.people.by_name(name)).count() for name in ("ada", "alma", "sam", "vera")}
    assert seen == {"ada": 2, "alma": 2, "sam": 0, "vera": 2}
