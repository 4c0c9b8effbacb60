"""Writes docs/command-reference.md from the commands: `python -m tests.cli.write_reference`."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from cersgroups.cli.main import COMMANDS, _parser

PAGE = Path(__file__).parents[2] / "docs" / "command-reference.md"

INTRODUCTION = """# Every command and option

What the commands are for, with examples: [commands.md](commands.md). This page is made from the code
(`python -m tests.cli.write_reference`) and compared with it by a test.

"""


def text() -> str:
    """The page as it should be: a section for each command, and for each command within a command."""
    lines = (line for name in COMMANDS for line in _section(f"cersgroups {name}", _command(name), ""))
    return INTRODUCTION + "\n".join(lines)


def _command(name: str) -> argparse.ArgumentParser:
    return _choices(_parser([name]))[name]


def _section(title: str, parser: argparse.ArgumentParser, summary: str) -> Iterator[str]:
    yield from (f"## {title}", "", parser.description or f"{summary[:1].upper()}{summary[1:]}.", "")
    own = [action for action in parser._actions if _is_shown(action)]
    if own:
        yield from ("| Argument | Meaning |", "|---|---|")
        yield from (f"| {_name(action)} | {_meaning(action)} |" for action in own)
        yield ""
    for name, inner in _choices(parser).items():
        yield from _section(f"{title} {name}", inner, _summaries(parser)[name])


def _choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


def _summaries(parser: argparse.ArgumentParser) -> dict[str, str]:
    [found] = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return {choice.dest: choice.help or "" for choice in found._choices_actions}


def _is_shown(action: argparse.Action) -> bool:
    hidden = action.help == argparse.SUPPRESS or isinstance(action, argparse._HelpAction)
    return not hidden and not isinstance(action, argparse._SubParsersAction)


def _name(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else str(action.metavar or "").replace("|", "\\|")
    if action.choices and not action.metavar:
        value = "\\|".join(map(str, action.choices))
    if not action.option_strings:
        return f"`{value or action.dest}`" + (" ..." if action.nargs in ("*", "+", argparse.REMAINDER) else "")
    return f"`{action.option_strings[-1]} {value}".strip() + "`" + (" (needed)" if action.required else "")


def _meaning(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
