"""The small district with profiles and extracts of Ada's and Alma's, for the pages of extracts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.test import Client

from cersgroups.actions.extract import create_extracts
from cersgroups.actions.profile import create_profile
from cersgroups.core.permission import Actor
from cersgroups.jobs.worker import run_worker
from cersgroups.records.person import Person
from tests.people import People, make_people
from tests.profiles import CLASSES
from tests.roster import give_roster

DAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Folk:
    """The people, in an LEA with a roster."""

    people: People

    @property
    def lea_id(self) -> int:
        return self.people.lea_id

    def profile(self, who: str, **changes: Any) -> int:
        return create_profile(self.people.by_name(who), {**CLASSES, **changes}).pk

    def extracts(
        self, who: str, profiles: Sequence[int], *, consolidate: bool = False, as_of: date = DAY, work: bool = True
    ) -> list[int]:
        """The ids of new extracts; with `work`, a worker has made them."""
        actor: Actor = self.people.by_name(who)
        made = create_extracts(actor, profiles, consolidate=consolidate, as_of=as_of)
        if work:
            run_worker(wait=False)
        return [extract.pk for extract in made]

    def extract(self, who: str, **changes: Any) -> int:
        """The id of an extract of one new profile, made."""
        return self.extracts(who, [self.profile(who, **changes)])[0]

    def client(self, who: str) -> Client:
        """A browser in which this person has signed in; in which nobody has, for `nobody`."""
        client = Client()
        if who != "nobody":
            client.force_login(Person.objects.get(pk=self.people.by_name(who).person_id))
        return client


def shown(client: Client, url: str, status: int = 200) -> str:
    """The text of the page, without its tags."""
    answer = client.get(url)
    assert answer.status_code == status, answer
    return text_of(answer.content.decode())


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def make_folk(stored_snapshot: Path) -> Folk:
    people = make_people()
    give_roster(people.lea_id, stored_snapshot)
    return Folk(people)
