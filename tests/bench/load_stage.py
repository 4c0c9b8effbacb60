"""`python -m tests.bench.load_stage PEOPLE`: so many people more in the LEA that page_stage.py made, each with work of
their own: profiles, drafts and an extract. Its `serve` runs meanwhile, and its worker makes the extracts.

Prints the people (load_person.py) as JSON. They all have the demo's password, which is hashed once: it is the sign-ins
that are measured, not this.
"""

# ruff: noqa: T201 - what is printed is read by load_contest.py

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from math import ceil

from django.contrib.auth.hashers import make_password

from cersgroups.cli.application import application
from cersgroups.cli.demo_site import ADA, PASSWORD, wait
from cersgroups.core.permission import Actor
from cersgroups.core.profile import Filters, Profile
from tests.bench.district import AS_OF
from tests.bench.load_person import Person, Role, roles
from tests.bench.page_stage import ON_A_PAGE

OF_A_SCHOOL = ("classes", "grade")
"""Types of the profiles of whoever works at one school; the others have one of each type."""


@dataclass(frozen=True)
class Member:
    """A person who was invited, with their profiles by type, and the extract that they may read: 0 for none yet."""

    actor: Actor
    role: Role
    schools: tuple[str, ...]
    profiles: dict[str, int]
    extract: int


def main(people: int) -> None:
    with application():
        print(json.dumps([asdict(person) for person in _people(people)]))


def _people(count: int) -> list[Person]:
    from cersgroups.actions.actor import actor_for, memberships_of
    from cersgroups.records.extract import Extract
    from cersgroups.records.person import Person as Record
    from cersgroups.records.scope import lea_scope

    record = Record.objects.get(email=ADA.email)
    ada = actor_for(record, memberships_of(record)[0].lea_id)
    with lea_scope(ada.lea_id):
        models = _models(ada)
        members = list(_members(ada, roles(count), models))
        for extract in {member.extract for member in members if member.extract}:
            wait(None, lambda pk=extract: Extract.objects.get(pk=pk), "done")  # type: ignore[misc]
        return [_person(member) for member in members]


def _models(ada: Actor) -> dict[str, Profile]:
    """Of each type the profile of the most schools: of all."""
    from cersgroups.actions.profile import visible_profiles

    meanings = sorted((profile.meaning() for profile in visible_profiles(ada)), key=lambda p: len(p.schools))
    return {meaning.type: meaning for meaning in meanings}


def _members(ada: Actor, wanted: Sequence[Role], models: Mapping[str, Profile]) -> Iterator[Member]:
    """Schools are given round; a viewer reads the extract of somebody else with the same schools."""
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.extract import create_extracts
    from cersgroups.actions.person import invite
    from cersgroups.records.person import Person as Record

    password, day = make_password(PASSWORD), date.fromisoformat(AS_OF)
    everywhere, each = models["grade"].schools, _schools_with_groups(ada, models["grade"].schools)
    made: dict[tuple[str, ...], int] = {}
    for number, role in enumerate(wanted):
        schools = (each[number % len(each)],) if role.at_a_school else everywhere
        limit = schools if role.at_a_school else None
        person = invite(ada, f"load{number}@demo.example", f"Load {number}", role.level, limit).person
        Record.objects.filter(pk=person.pk).update(password=password)
        actor = actor_for(person, ada.lea_id)
        profiles = _profiles(actor, models, schools, role) if role.changes_profiles else {}
        if profiles:
            [made[schools]] = [extract.pk for extract in create_extracts(actor, [profiles["grade"]], as_of=day)]
        yield Member(actor, role, schools, profiles, made.get(schools, 0))


def _schools_with_groups(ada: Actor, schools: Sequence[str]) -> list[str]:
    """One of the demo district's has no CDS code, so no extract can be made of it alone."""
    from cersgroups.records.school import School

    coded = School.objects.filter(lea_id=ada.lea_id, school_id__in=schools, cds_code__regex=r"^\d{14}$")
    return list(coded.order_by("school_id").values_list("school_id", flat=True))


def _profiles(actor: Actor, models: Mapping[str, Profile], schools: tuple[str, ...], role: Role) -> dict[str, int]:
    from cersgroups.actions.profile import create_profile
    from cersgroups.core.profile_text import to_mapping

    if role.at_a_school:  # which may have none of what is chosen elsewhere
        models = {type_: replace(models[type_], schools=schools, filters=Filters()) for type_ in OF_A_SCHOOL}
    return {
        type_: create_profile(actor, to_mapping(replace(model, name=f"{type_} of {actor.name}"))).pk
        for type_, model in models.items()
    }


def _person(member: Member) -> Person:
    from cersgroups.actions.draft import open_draft
    from cersgroups.actions.extract import extract_findings
    from cersgroups.actions.options import offer
    from cersgroups.web.draft_content import content_of

    actor, schools = member.actor, list(member.schools)
    findings = extract_findings(actor, member.extract) if member.extract else []
    most = max(findings, key=lambda finding: finding.count, default=None)
    drafts = {type_: open_draft(actor, pk, content_of) for type_, pk in member.profiles.items()}
    lists = ("departments", "additional") if drafts else ()
    return Person(
        email=actor.email,
        role=member.role.name,
        lea=actor.lea_id,
        profile=next(iter(member.profiles.values()), 0),
        extract=member.extract,
        finding=most.code if most else "",
        finding_pages=ceil(most.count / ON_A_PAGE) if most else 0,
        drafts={type_: draft.pk for type_, draft in drafts.items()},
        contents={type_: draft.content for type_, draft in drafts.items()},
        lists={name: [option[0] for option in offer(actor, name, schools=schools).options] for name in lists},
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
