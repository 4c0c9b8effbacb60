"""`cersgroups upload FILE... --credential CERS.toml`: check files, send them, say what became of them.

It needs no installation and keeps no ledger: what CERS holds already is not looked at, nothing is retired.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from cersgroups.cers.answer import Answer
from cersgroups.cers.client import Client
from cersgroups.cers.validation import validate_file
from cersgroups.cli.credential import client_from
from cersgroups.cli.progress import progress_bar, tell
from cersgroups.cli.terminal import shown
from cersgroups.cli.validate import MAX_TOLD, known_from, lines
from cersgroups.core.error import DataStop, RequestStop

GOOD = ("processed", "accepted")

_TRIES = 4
"""So often a file is sent whose answer is lost: the same bytes do no harm twice (docs/receiver.md, "Same bytes")."""

_PAUSE_SECONDS = 5.0


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="student groups files (CSV), in order")
    parser.add_argument("--credential", type=Path, required=True, metavar="CERS.toml", help="addresses and who we are")
    parser.add_argument("--check", action="store_true", help="only ask CERS whether the credential may send")
    parser.add_argument("--wait", type=float, default=60, metavar="SECONDS", help="for CERS to load a file (60)")
    parser.add_argument("--years", metavar="Y,Z", help="school years CERS knows (five back to one ahead)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(schools=None, subjects=None)


def run(args: argparse.Namespace) -> int:
    """Status 0 if CERS has loaded or accepted all of it; 1 if not, and then nothing after the failed file is sent."""
    if args.check and args.files:
        raise RequestStop("--check sends nothing. Leave the files out, or leave --check out to send them.")
    if not args.check and not args.files:
        raise RequestStop("Give the files to send, or --check to test the credential.")
    client = client_from(args.credential)
    if args.check:
        return _check(client, args.json)
    for file in args.files:
        _check_file(file, args)
    answers = _sent(client, args.files, args.wait)
    if args.json:
        print(json.dumps({"uploads": [_as_json(file, answer) for file, answer in answers]}))
    else:
        print("\n".join(shown(line) for file, answer in answers for line in _as_text(file, answer)))
    unsent = args.files[len(answers) :]
    if unsent:
        tell(f"Not sent, because of what became of {answers[-1][0].name}: {', '.join(file.name for file in unsent)}.")
    return 0 if answers[-1][1].outcome in GOOD and not unsent else 1


def _check(client: Client, as_json: bool) -> int:
    check = client.check()
    told = {"ok": check.ok, "username": check.username, "authorities": check.authorities, "message": check.sentence}
    print(json.dumps(told) if as_json else shown(check.sentence))
    return 0 if check.ok else 1


def _check_file(file: Path, args: argparse.Namespace) -> None:
    """Raises DataStop, with the reasons, if CERS would refuse or garble it. Nothing has been sent by then."""
    verdict = validate_file(file, known_from(args))
    if not verdict.safe:
        raise DataStop("\n".join([*map(shown, lines(verdict, file.name)), "Nothing was sent."]))


def _sent(client: Client, files: list[Path], wait: float) -> list[tuple[Path, Answer]]:
    answers: list[tuple[Path, Answer]] = []
    with progress_bar() as progress:
        for number, file in enumerate(files):
            progress(f"sending {file.name}", number / len(files))
            answer = _send(client, file)
            if answer.outcome == "accepted" and answer.import_id:
                answer = client.status(answer.import_id, wait)
            answers.append((file, answer))
            if answer.outcome not in GOOD:
                break
    return answers


def _send(client: Client, file: Path) -> Answer:
    for pause in [_PAUSE_SECONDS * 2**number for number in range(_TRIES - 1)]:
        answer = client.send(file)
        if answer.outcome != "lost":
            return answer
        tell(f"{file.name}: the answer was lost. The same bytes are sent again in {pause:.0f} seconds.")
        time.sleep(pause)
    return client.send(file)


def _as_json(file: Path, answer: Answer) -> dict[str, Any]:
    return {
        "file": str(file),
        "outcome": answer.outcome,
        "code": answer.code,
        "status": answer.status,
        "import_id": answer.import_id,
        "digest": answer.digest,
        "message": answer.sentence,
        "results": [{"row": r.row, "ok": r.ok, "message": r.message} for r in answer.results],
    }


def _as_text(file: Path, answer: Answer) -> list[str]:
    told = [f"  Row {r.row}: {r.message}" if r.row else f"  {r.message}" for r in answer.results]
    more = [f"  and {len(told) - MAX_TOLD:,} more (--json gives all)"] if len(told) > MAX_TOLD else []
    return [f"{file.name}: {answer.sentence}", *told[:MAX_TOLD], *more]
