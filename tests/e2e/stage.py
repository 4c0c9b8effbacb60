"""The people and districts that the browser tests play with. Run before the server starts: python -m tests.e2e.stage

Ada is admin, Alma has Administer, Sam works at one school, Vera is a viewer, Lena belongs to two LEAs, Olga is admin of
another LEA, and Nora belongs to none. Rita, Gus and Mia are invited and have no password yet.
"""

from dataclasses import dataclass

from cersgroups.cli.application import application, migrate

PASSWORD = "a long enough password"  # noqa: S105 - of invented people in a throw-away database
LEA, OTHER_LEA = "Screaming Eagle Unified", "Lakeside Unified"
SCHOOLS = (
    ("990", "Golden Oak Elementary"),
    ("993", "Whitewater Middle"),
    ("994", "Screaming Eagle High"),
)


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    password: str = PASSWORD


ADA = Person("Ada Adams", "ada@screaming-eagle.example")
ALMA = Person("Alma Álvarez", "alma@screaming-eagle.example")
SAM = Person("Sam Sato", "sam@screaming-eagle.example")
VERA = Person("Vera Vance", "vera@screaming-eagle.example")
LENA = Person("Lena Lang", "lena@screaming-eagle.example")
OLGA = Person("Olga Olsen", "olga@lakeside.example")
RITA = Person("Rita Reset", "rita@screaming-eagle.example")  # of those below each test has its own person
TOM = Person("Tom Totp", "tom@screaming-eagle.example")
PAM = Person("Pam Passkey", "pam@screaming-eagle.example")
LOU = Person("Lou Locked", "lou@screaming-eagle.example")
GUS = Person("Gus Google", "gus@screaming-eagle.example")
MIA = Person("Mia Microsoft", "mia@screaming-eagle.example")
NORA = Person("Nora Nowhere", "nora@screaming-eagle.example")


def main() -> None:
    with application():
        migrate()
        _fill()


def _fill() -> None:
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.person import invite
    from cersgroups.records import models
    from cersgroups.records.scope import lea_scope

    leas = {name: _lea(name, admin) for name, admin in ((LEA, ADA), (OTHER_LEA, OLGA))}
    for lea in leas.values():
        with lea_scope(lea.pk):
            for number, name in SCHOOLS:
                models.School.objects.create(lea=lea, school_id=number, number=number, name=name)
    ada = actor_for(models.Person.objects.get(email=ADA.email), leas[LEA].pk)
    olga = actor_for(models.Person.objects.get(email=OLGA.email), leas[OTHER_LEA].pk)
    invite(ada, ALMA.email, ALMA.name, "administer")
    invite(ada, SAM.email, SAM.name, "administer", ["994"])
    invite(ada, VERA.email, VERA.name, "viewer")
    invite(ada, LENA.email, LENA.name, "administer")
    invite(olga, LENA.email, LENA.name, "viewer")
    for person in (RITA, TOM, PAM, LOU, GUS, MIA):
        invite(ada, person.email, person.name, "administer")
    models.Person.objects.create_user(NORA.email, NORA.name)
    for person in (ALMA, SAM, VERA, LENA, TOM, PAM, LOU, NORA):
        record = models.Person.objects.get(email=person.email)
        record.set_password(person.password)
        record.save()


def _lea(name: str, admin: Person):  # type: ignore[no-untyped-def] # records can be imported once Django is set up
    from cersgroups.actions.first_admin import create_first_admin, make_link

    _, lea = create_first_admin(make_link(), email=admin.email, name=admin.name, password=admin.password, lea_name=name)
    return lea


if __name__ == "__main__":
    main()
