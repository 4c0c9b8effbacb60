"""The fixed people of the tests, in two LEAs. Everybody's password is PASSWORD."""

from dataclasses import dataclass

from cersgroups.core.permission import Actor

PASSWORD = "a long enough sentence"  # noqa: S105 - of invented people
SAMS_SCHOOL = "30"


@dataclass(frozen=True)
class People:
    """As they act: Ada is admin, Alma has Administer, Sam has it for one school, Vera views; Olga is another LEA's."""

    ada: Actor
    alma: Actor
    sam: Actor
    vera: Actor
    olga: Actor

    @property
    def lea_id(self) -> int:
        return self.ada.lea_id

    @property
    def other_lea_id(self) -> int:
        return self.olga.lea_id

    def by_name(self, name: str) -> Actor:
        actor: Actor = getattr(self, name)
        return actor


def make_people() -> People:
    """Make them by the actions that would make them: one-time links for the admins, invitations for the others."""
    from cersgroups.actions.actor import actor_for
    from cersgroups.records.school import School
    from cersgroups.records.scope import lea_scope

    ada = _admin("ada", "Ada Admin", "Live Oak Unified")
    olga = _admin("olga", "Olga Other", "Other Unified")
    with lea_scope(ada.lea_id):
        School.objects.create(lea_id=ada.lea_id, school_id=SAMS_SCHOOL, number="30", name="Kiwi Elem")
    for name, full_name, level, schools in (
        ("alma", "Alma Administer", "administer", None),
        ("sam", "Sam School", "administer", [SAMS_SCHOOL]),
        ("vera", "Vera Viewer", "viewer", None),
    ):
        _invite(ada, name, full_name, level, schools)
    alma, sam, vera = (actor_for(person_named(name), ada.lea_id) for name in ("alma", "sam", "vera"))
    return People(ada, alma, sam, vera, olga)


def email_of(name: str) -> str:
    return f"{name}@live-oak.example"


def person_named(name: str):  # type: ignore[no-untyped-def]
    """The record of one of them."""
    from cersgroups.records.person import Person

    return Person.objects.get(email=email_of(name))


def _admin(name: str, full_name: str, lea_name: str) -> Actor:
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.first_admin import create_first_admin, make_link

    person, lea = create_first_admin(
        make_link(), email=email_of(name), name=full_name, password=PASSWORD, lea_name=lea_name
    )
    return actor_for(person, lea.pk)


def _invite(admin: Actor, name: str, full_name: str, level: str, schools: list[str] | None) -> None:
    from cersgroups.actions.person import invite

    membership = invite(admin, email_of(name), full_name, level, schools)  # type: ignore[arg-type]
    membership.person.set_password(PASSWORD)
    membership.person.save()
