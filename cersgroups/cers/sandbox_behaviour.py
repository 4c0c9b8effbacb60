"""What the sandbox is told to do wrong: slow, failing, losing answers. Random with a seed, so it can be repeated."""

import random
import threading
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args

from cersgroups.core.error import RequestStop

What = Literal["token", "check", "upload", "status"]
Misdeed = Literal["fail", "drop", "lose"]
"""fail: answered with `fail_status`. drop: the data arrive, nothing is done, no answer. lose: done, but no answer."""

FAIL_STATUSES = (401, 403, 429, 500, 503)


@dataclass(frozen=True)
class Behaviour:
    """Settings of POST /control and of the command's options; `_next` counts down, `_share` is from 0 to 1.

    `fail_what` is one of token, check, upload, status, or any. Drop and lose concern uploads only.
    `late_seconds`: an upload is ACCEPTED at once and PROCESSED so much later.
    """

    slow_seconds: float = 0.0
    fail_status: int = 503
    fail_what: str = "any"
    fail_next: int = 0
    fail_share: float = 0.0
    retry_after: int | None = None
    drop_next: int = 0
    drop_share: float = 0.0
    lose_next: int = 0
    lose_share: float = 0.0
    late_seconds: float = 0.0
    polling: bool = True
    token_seconds: float = 3600.0

    def changed(self, settings: dict[str, Any]) -> "Behaviour":
        """With other settings. Raises RequestStop, naming it, for one that is not there or cannot be."""
        for name, value in settings.items():
            if name not in _DEFAULTS:
                raise RequestStop(f"{name} is no setting. There are: {', '.join(_DEFAULTS)}.")
            _check(name, value)
        return replace(self, **settings)


_DEFAULTS = {each.name: each.default for each in fields(Behaviour)}


def _check(name: str, value: Any) -> None:
    if name == "fail_what":
        allowed = ("any", *get_args(What))
        if value not in allowed:
            raise RequestStop(f"fail_what must be one of {', '.join(allowed)}.")
    elif name == "fail_status":
        if value not in FAIL_STATUSES:
            raise RequestStop(f"fail_status must be one of {', '.join(map(str, FAIL_STATUSES))}.")
    elif name == "polling":
        if not isinstance(value, bool):
            raise RequestStop("polling must be true or false.")
    elif name == "retry_after" and value is None:
        return
    else:
        _check_number(name, value)


def _check_number(name: str, value: Any) -> None:
    whole = name.endswith("_next") or name == "retry_after"
    right = isinstance(value, int) if whole else isinstance(value, (int, float))
    if isinstance(value, bool) or not right or not 0 <= value < 1e9:
        raise RequestStop(f"{name} must be a {'whole ' if whole else ''}number, not below 0.")
    if name.endswith("_share") and value > 1:
        raise RequestStop(f"{name} must be from 0 to 1.")


class Conduct:
    """The behaviour of a running sandbox, asked at every request."""

    def __init__(self, behaviour: Behaviour, seed: int) -> None:
        self.behaviour = behaviour
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._lock = threading.Lock()

    def change(self, settings: dict[str, Any]) -> None:
        """Raises RequestStop."""
        with self._lock:
            self.behaviour = self.behaviour.changed(settings)

    def as_json(self) -> dict[str, Any]:
        return asdict(self.behaviour)

    def misdeed(self, what: What) -> Misdeed | None:
        """What to do wrong with this request; counts are used up."""
        with self._lock:
            if self.behaviour.fail_what in ("any", what) and self._draw("fail"):
                return "fail"
            if what == "upload" and self._draw("drop"):
                return "drop"
            return "lose" if what == "upload" and self._draw("lose") else None

    def _draw(self, misdeed: Misdeed) -> bool:
        left: int = getattr(self.behaviour, f"{misdeed}_next")
        share: float = getattr(self.behaviour, f"{misdeed}_share")
        if left:
            self.behaviour = replace(self.behaviour, **{f"{misdeed}_next": left - 1})  # type: ignore[arg-type]
            return True
        return share > 0 and self._random.random() < share
