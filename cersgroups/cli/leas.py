"""`cersgroups leas`: the LEAs of this installation, how each stands, and what needs a person."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cersgroups.cli.application import application, migrate
from cersgroups.cli.terminal import shown
from cersgroups.core.lea_overview import LeaOverview, concerns_of


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def lea_number(text: str) -> int:
    """An argument of a command. Raises ArgumentTypeError."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no LEA's number. `cersgroups leas` lists them")
    return int(text)


def run(args: argparse.Namespace) -> int:
    with application():
        from cersgroups.actions.lea_overview import all_overviews

        migrate()
        leas, now = all_overviews(), datetime.now(UTC)
        if args.json:
            print(json.dumps({"leas": [_mapping(lea, now) for lea in leas]}, indent=1, default=_iso))
        elif leas:
            _print(leas, now)
        else:
            print("There is no LEA yet. `cersgroups first-admin` prints a link that makes one.")
    return 0


def _iso(moment: date) -> str:
    return moment.isoformat()


def _mapping(lea: LeaOverview, now: datetime) -> dict[str, object]:
    return {**asdict(lea), "concerns": [asdict(concern) for concern in concerns_of(lea, now)]}


def _print(leas: list[LeaOverview], now: datetime) -> None:
    """A line for each LEA, under it one for each concern; what an LEA has never had is a dash."""
    head = ("LEA", "Name", "Roster", "Last run", "Last upload")
    rows = [_row(lea, now) for lea in leas]
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    print(_line(head, widths))
    for lea, row in zip(leas, rows, strict=True):
        print(_line(row, widths))
        for concern in concerns_of(lea, now):
            print(f"{'':{widths[0]}}  {_MARKS[concern.verdict]}  {concern.sentence}")


_MARKS = {"warning": "WARNING", "fault": "FAULT"}


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    number, *texts = map(str.ljust, cells, widths)
    return "  ".join((number.strip().rjust(widths[0]), *texts)).rstrip()


def _row(lea: LeaOverview, now: datetime) -> tuple[str, ...]:
    zone, age = ZoneInfo(lea.time_zone), lea.roster_age(now)
    roster = "–" if age is None else "today" if age == 0 else f"{age} day{'s' if age > 1 else ''} old"
    run, upload = _told(lea.run_due_at, lea.run_state, zone), _told(lea.upload_at, lea.upload_state, zone)
    return str(lea.number), shown(lea.name), roster, run, upload


def _told(at: datetime | None, state: str, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} {state}" if at else "–"
