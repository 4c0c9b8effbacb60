"""An LEA that uploads to a sandbox of the receiver: what the tests of delivery share."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from cersgroups.actions.credential import Entry, save_credential
from cersgroups.actions.extract import create_extracts
from cersgroups.actions.lea import change_settings
from cersgroups.actions.ledger import find_held_groups
from cersgroups.actions.profile import create_profile
from cersgroups.actions.upload import create_upload
from cersgroups.cers.sandbox import Sandbox
from cersgroups.jobs.worker import run_worker
from cersgroups.records.scope import lea_scope
from cersgroups.records.upload import Upload, UploadPart
from tests.people import People, make_people
from tests.profiles import CLASSES
from tests.roster import give_roster

DAY = date(2026, 11, 23)


@dataclass
class Delivery:
    """People, in an LEA with a roster, a credential and uploads switched on; and the receiver."""

    people: People
    sandbox: Sandbox

    @property
    def lea_id(self) -> int:
        return self.people.lea_id

    def credential(self, who: str = "LEA", schools: Sequence[str] | None = None, **changes: Any) -> int:
        own = self.sandbox.credential()
        entry: dict[str, Any] = {
            "name": who,
            "kind": own.kind,
            "token_url": self.sandbox.endpoints.token_url,
            "import_url": self.sandbox.endpoints.import_url,
            "expires_on": timezone.localdate() + timedelta(days=365),
            "username": own.username,
            "password": own.password,
            "client_id": own.client_id,
            "client_secret": own.client_secret,
            "school_ids": schools,
        }
        return save_credential(self.people.ada, Entry(**{**entry, **changes})).pk

    def profile(self, **changes: Any) -> int:
        content = {key: value for key, value in {**CLASSES, **changes}.items() if value is not None}
        return create_profile(self.people.ada, content).pk

    def extract(self, *profiles: int, as_of: date = DAY) -> int:
        """The id of an extract of these profiles (of a new one if none is given), made."""
        chosen = profiles or (self.profile(),)
        [extract] = create_extracts(self.people.ada, chosen, consolidate=True, as_of=as_of)
        run_worker(wait=False)
        return extract.pk

    def upload(self, extract_id: int, *, look_first: bool = False, by_hand: bool = False) -> Upload:
        """The upload of this extract, as far as the worker takes it."""
        made = create_upload(self.people.ada, extract_id, look_first=look_first, by_hand=by_hand)
        return self.work(made.pk)

    def work(self, upload_id: int) -> Upload:
        run_worker(wait=False)
        return self.record(upload_id)

    def record(self, upload_id: int) -> Upload:
        with lea_scope(self.lea_id):
            return Upload.objects.select_related("extract", "ledger").get(pk=upload_id)

    def parts(self, upload_id: int) -> list[UploadPart]:
        with lea_scope(self.lea_id):
            return list(UploadPart.objects.filter(upload_id=upload_id))

    def held(self) -> dict[str, tuple[list[str], list[str]]]:
        """By name, the students and users of the groups that the receiver holds and that are not empty."""
        groups = self.sandbox.state()["groups"]
        return {g["name"]: (g["members"], g["users"]) for g in groups if g["members"] or g["users"]}


@contextmanager
def delivery(stored_snapshot: Path) -> Iterator[Delivery]:
    people = make_people()
    give_roster(people.lea_id, stored_snapshot)
    change_settings(people.ada, uploads_enabled=True)
    with Sandbox() as sandbox:
        stage = Delivery(people, sandbox)
        stage.credential()
        yield stage


def in_ledger(stage: Delivery) -> dict[str, tuple[int, int]]:
    """By name, how many students and users the ledger says CERS holds."""
    with lea_scope(stage.lea_id):
        groups = find_held_groups(stage.people.ada, "", 0, 1000).groups
    return {g.name: (g.students, g.users) for g in groups if g.students or g.users}


def assert_the_ledger_is_right(stage: Delivery) -> None:
    assert in_ledger(stage) == {name: (len(m), len(u)) for name, (m, u) in stage.held().items()}
