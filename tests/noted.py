"""Every action that the program notes in the audit log, read from its source.

A function that hands a parameter on as the action notes what its own callers say.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import cersgroups
from cersgroups.actions.sign_in import AccountChange
from cersgroups.core.state import TRANSITIONS, Kind, waiting_states

ROOMS = ("actions", "jobs", "web", "api", "cli")
NOUNS: dict[str, Kind] = {"roster": "snapshot", "extract": "extract", "upload": "upload", "run": "run"}
BY_A_PERSON = {"upload cancelled"}
"""How a person ends something is noted as what they did."""

Function = ast.FunctionDef


def noted_actions() -> set[str]:
    """All of them; an action that this cannot read out of the source stops it."""
    files = [file for room in ROOMS for file in sorted((Path(cersgroups.__file__).parent / room).rglob("*.py"))]
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files}
    places, found = {"note": 1, "note_system": 1, "note_failed": 1, "note_everywhere": 0}, set[str]()
    for _ in range(3):  # as deep as one hands on to the next
        found = set()
        for file, tree in trees.items():
            for function in _functions(tree):
                for call in _calls(function):
                    place = places.get(_key(file, call.func))
                    if place is not None:
                        found |= _actions(file, function, call.args[place], places)
    return found


def _functions(tree: ast.Module) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _calls(function: Function) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))


def _key(file: Path, name: ast.expr | str) -> str:
    text = name.id if isinstance(name, ast.Name) else str(name)
    return f"{file}:{text}" if text.startswith("_") else text


def _actions(file: Path, function: Function, argument: ast.expr, places: dict[str, int]) -> set[str]:
    match argument:
        case ast.Constant(value=str(action)):
            return {action}
        case ast.JoinedStr(values=[ast.Constant(value=str(noun)), _]):
            return {f"{noun}{state}" for state in _ends(NOUNS[noun.strip()])} - BY_A_PERSON
        case ast.Name(id=name):
            parameters = function.args.args
            place = [parameter.arg for parameter in parameters].index(name)
            if ast.unparse(parameters[place].annotation or argument) == "AccountChange":
                return set(get_args(AccountChange))
            places[_key(file, function.name)] = place
            return set()
    raise AssertionError(f"{file.name}:{argument.lineno}: write the action where it is noted, or teach tests/noted.py")


def _ends(kind: Kind) -> set[str]:
    """The states in which no job does anything any more."""
    return set(TRANSITIONS[kind]) - set(waiting_states(kind))
