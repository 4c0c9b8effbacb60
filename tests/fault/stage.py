"""LEAs that deliver by themselves, each with schools of its own: python -m tests.fault.stage COUNT SANDBOX-URL.

Each has two rosters to change between (a teacher's section is in one of them only), a scheduled process with upload and
two addresses, and a credential of its own. Prints their ids and rosters as JSON.
"""

import json
import sys
from datetime import date, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cersgroups.cli.application import application, migrate

PASSWORD = "a long enough password"  # noqa: S105 - of invented people in a throw-away database
TODAY = date.today()
SCHOOL_YEAR = TODAY.year + (TODAY.month >= 7)


def cds_prefix(number: int) -> str:
    """What the CDS codes of an LEA's schools begin with."""
    return f"{90000 + number}0000000"


def account(number: int) -> str:
    """Its account at the receiver."""
    return f"lea{number}"


def admin(number: int) -> str:
    """Who may do everything there."""
    return f"ada@lea{number}.example"


def addresses(number: int) -> list[str]:
    """Who is told of its runs."""
    return [f"data@lea{number}.example", f"it@lea{number}.example"]


def main(count: int, url: str) -> None:
    with application():
        migrate()
        print(json.dumps([_lea(number, url) for number in range(1, count + 1)]))


def _lea(number: int, url: str) -> dict[str, Any]:
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.first_admin import create_first_admin, make_link
    from cersgroups.actions.lea import change_settings
    from cersgroups.actions.profile import create_profile
    from cersgroups.actions.scheduled_process import save_scheduled_process
    from tests.profiles import CLASSES

    link = make_link()
    person, lea = create_first_admin(link, email=admin(number), name="Ada", password=PASSWORD, lea_name=f"LEA {number}")
    ada = actor_for(person, lea.pk)
    rosters = [_roster(lea.pk, number, whole=whole) for whole in (False, True)]
    change_settings(ada, uploads_enabled=True)
    create_profile(ada, {**CLASSES, "school_year": SCHOOL_YEAR, "include_in_scheduled_process": True})
    _credential(ada, number, url)
    days, never = range(7), time(0, 0)
    save_scheduled_process(ada, days=days, at=never, emails=addresses(number), upload=True, enable=True)
    return {"id": lea.pk, "rosters": rosters}


def _roster(lea_id: int, number: int, *, whole: bool) -> int:
    from cersgroups.engine.roster import RosterFolder
    from cersgroups.engine.snapshot import write_snapshot
    from tests.engine.roster_files import DISTRICT, write_roster
    from tests.roster import give_roster

    tables = {
        name: _of_today(text).replace("9910000000", f"{cds_prefix(number)[:10]}") for name, text in DISTRICT.items()
    }
    if not whole:
        lines = tables["sections"].splitlines()
        tables["sections"] = "\n".join(line for line in lines if "1001" not in line)
    with TemporaryDirectory() as name:
        folder = write_roster(Path(name) / "roster", tables)
        snapshot = write_snapshot(RosterFolder(folder), Path(name) / "snapshot", source="test")
        return give_roster(lea_id, snapshot.path)


def _of_today(text: str) -> str:
    """The same district, in whose terms today lies."""
    for date_there, days in (("2026-08-15", -90), ("2026-12-20", 90), ("2027-01-05", 100), ("2027-06-10", 200)):
        text = text.replace(date_there, (TODAY + timedelta(days)).isoformat())
    return text.replace("| 2027\n", f"| {SCHOOL_YEAR}\n")


def _credential(ada: Any, number: int, url: str) -> None:
    from cersgroups.actions.credential import Entry, save_credential

    ends = TODAY + timedelta(days=300)
    own = (account(number), "sandbox", "sandbox", "sandbox")
    save_credential(ada, Entry("CERS", "password", f"{url}/api/v1/token", url, ends, *own))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
