"""`cersgroups sandbox`: a stand-in for the receiver on this machine, to try everything against."""

import argparse
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from cersgroups.cers.known import usual_years
from cersgroups.cers.sandbox import Sandbox
from cersgroups.cers.sandbox_account import Account
from cersgroups.cers.sandbox_behaviour import Behaviour
from cersgroups.cers.validation import Known
from cersgroups.cli.progress import tell
from cersgroups.cli.validate import school_years, split
from cersgroups.core.error import RequestStop

_ACCOUNT_PARTS = 3

_HELP = {
    "slow_seconds": "wait so long before every answer",
    "fail_status": "with which status requests fail: 401, 403, 429, 500 or 503",
    "fail_what": "which requests fail: token, check, upload, status, or any",
    "fail_next": "how many of the next requests fail",
    "fail_share": "which share of requests fails, 0 to 1",
    "retry_after": "seconds in Retry-After of 429 and 503",
    "drop_next": "how many of the next uploads arrive, are not processed and not answered",
    "drop_share": "the same as a share",
    "lose_next": "how many of the next uploads are processed, but the answer is lost",
    "lose_share": "the same as a share",
    "late_seconds": "accept at once, process so much later",
    "token_seconds": "how long a token holds",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", metavar="N", type=int, default=8020, help="0: any free one (default: 8020)")
    parser.add_argument("--folder", metavar="FOLDER", type=Path, help="keep what it holds there (default: nowhere)")
    parser.add_argument("--schools", metavar="A,B", help="CDS codes it knows (default: every one)")
    parser.add_argument("--years", metavar="Y,Z", help="school years it knows (default: five back to one ahead)")
    parser.add_argument("--subjects", metavar="ELA,Math", default="ELA,Math", help="subjects it knows")
    parser.add_argument(
        "--account",
        metavar="USER:PASSWORD[:A,B]",
        action="append",
        dest="accounts",
        help="an account, and the schools in its scope (repeatable; default: sandbox:sandbox, every school)",
    )
    parser.add_argument("--client", metavar="ID:SECRET", default="sandbox:sandbox", help="default: sandbox:sandbox")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of what is random (default: 0)")
    faults = parser.add_argument_group("what it does wrong (POST /control changes it while it runs)")
    for each in fields(Behaviour):
        if each.name in _HELP:
            kind: Any = int if each.name in ("retry_after", "fail_status") else type(each.default)
            faults.add_argument(
                f"--{each.name.replace('_', '-')}",
                metavar="WHAT" if kind is str else "N",
                type=kind,
                default=each.default,
                help=_HELP[each.name],
            )
    faults.add_argument("--no-polling", action="store_true", help="nobody may ask what became of an upload")


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C. Raises RequestStop for a wrong option."""
    settings = {name: getattr(args, name) for name in _HELP}
    sandbox = Sandbox(
        known=_known(args),
        accounts=_accounts(args),
        behaviour=Behaviour().changed({**settings, "polling": not args.no_polling}),
        folder=args.folder,
        port=args.port,
        seed=args.seed,
        log=tell,
    )
    print(_introduction(sandbox), flush=True)
    try:
        sandbox.serve()
    except KeyboardInterrupt:
        where = f" What it held is in {args.folder}." if args.folder else " What it held is gone."
        print(f"The sandbox has ended.{where}", file=sys.stderr)
    finally:
        sandbox.close()
    return 0


def _known(args: argparse.Namespace) -> Known:
    schools = None if args.schools is None else frozenset(split(args.schools))
    years = usual_years(date.today()) if args.years is None else school_years(args.years)
    return Known(schools, years, tuple(split(args.subjects)))


def _accounts(args: argparse.Namespace) -> tuple[Account, ...]:
    client_id, _, client_secret = args.client.partition(":")
    if not client_id or not client_secret:
        raise RequestStop("--client: write ID:SECRET.")
    return tuple(_account(text, client_id, client_secret) for text in args.accounts or ["sandbox:sandbox"])


def _account(text: str, client_id: str, client_secret: str) -> Account:
    parts = text.split(":")
    if len(parts) not in (_ACCOUNT_PARTS - 1, _ACCOUNT_PARTS) or not all(parts):
        raise RequestStop("--account: write USER:PASSWORD, or USER:PASSWORD:SCHOOL,SCHOOL.")
    schools = frozenset(split(parts[2])) if len(parts) == _ACCOUNT_PARTS else None
    return Account(parts[0], parts[1], client_id, client_secret, schools)


def _introduction(sandbox: Sandbox) -> str:
    """The address and commands to try it with, as in the receiver's own documentation."""
    url, first = sandbox.url, sandbox.accounts[0]
    form = (
        f"grant_type=password&username={first.username}&password={first.password}"
        f"&client_id={first.client_id}&client_secret={first.client_secret}"
    )
    return f"""The sandbox of the receiver is at {url} (stop it with Ctrl-C).
Token address: {url}/api/v1/token
Import address: {url}
What it holds: {url}/ and {url}/state.json

A token, a test of it, an upload (two ways), what became of it:
  TOKEN=$(curl -s -X POST --data "{form}" {url}/api/v1/token | sed 's/.*"access_token": *"\\([^"]*\\)".*/\\1/')
  curl --header "Authorization:Bearer $TOKEN" {url}/imports/user
  curl -X POST --header "Authorization:Bearer $TOKEN" -F "file=@mygroups.csv;type=text/csv" {url}/groups/imports
  curl -X POST --header "Authorization:Bearer $TOKEN" --header "Content-Type:application/csv" \\
    --data-binary @mygroups.csv "{url}/groups/imports?filename=mygroups.csv"
  curl --header "Authorization:Bearer $TOKEN" {url}/imports/1

Faults, while it runs: the answer to the next upload is lost, then everything fails with 503 three times
  curl -X POST --data '{{"lose_next": 1}}' {url}/control
  curl -X POST --data '{{"fail_next": 3, "fail_status": 503, "retry_after": 1}}' {url}/control
"""
