"""TOML files that people write: profiles, mappings, sources, credentials. Raises RequestStop for each fault."""

import json
import tomllib
from pathlib import Path
from typing import Any

from cersgroups.core.error import RequestStop


def text_of(path: Path, what: str) -> str:
    """The text of the file, which is to be `what`, such as "a profile"."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise RequestStop(f"{path}: there is no such file. Give the path of {what} (TOML).") from None
    except OSError as e:
        raise RequestStop(f"{path}: cannot be read ({e.strerror}). Give the path of {what} (TOML).") from None
    except UnicodeDecodeError as e:
        raise RequestStop(f"{path}: is no text in UTF-8 (byte {e.start + 1:,}). Save it as UTF-8.") from None


def parsed(text: str, source: str) -> dict[str, Any]:
    """What the TOML text says; `source` is named in the sentence."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise RequestStop(f"{source}: is no TOML: {e}. Correct that line.") from None
    except (ValueError, RecursionError):
        raise RequestStop(
            f"{source}: holds a number of thousands of digits, or lists within lists. Correct it."
        ) from None


def quoted(value: Any) -> str:
    """A text, number, list or boolean as TOML: as JSON writes it, but for U+007F, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
