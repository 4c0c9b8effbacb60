"""`cersgroups doctor`: what is wrong with this installation, in sentences."""

import argparse
import json
import sys
from dataclasses import asdict

from cersgroups.cli.application import application
from cersgroups.core.diagnosis import Symptom
from cersgroups.core.error import Stop

_MARKS = {"ok": "ok     ", "warning": "WARNING", "fault": "FAULT  "}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Exit status 1 if something does not work."""
    symptoms = _look()
    well = all(symptom.verdict != "fault" for symptom in symptoms)
    if args.json:
        print(json.dumps({"ok": well, "symptoms": [asdict(symptom) for symptom in symptoms]}, indent=1))
    else:
        for symptom in symptoms:
            print(f"{_MARKS[symptom.verdict]}  {symptom.name}: {symptom.sentence}")
        if not well:
            print("cersgroups: something does not work, see FAULT.", file=sys.stderr)
    return 0 if well else Stop.status


def _look() -> list[Symptom]:
    try:
        with application():
            from cersgroups.actions.diagnosis import look

            return look()
    except Stop as stop:
        return [Symptom("settings", "fault", str(stop))]
