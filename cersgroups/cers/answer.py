"""What a request to the receiver came to, for callers and for the person."""

from dataclasses import dataclass, field
from typing import Any

from cersgroups.cers.ending import ENDINGS, Outcome
from cersgroups.cers.exchange import Reply
from cersgroups.cers.import_message import results_of
from cersgroups.cers.verdict import Result
from cersgroups.core.storable import storable


@dataclass(frozen=True)
class Answer:
    """`code` names one of ENDINGS; `where` is the server's name.

    `import_id`, `status`, `digest` (MD5, upper case hex) and `message` are the receiver's import record, as far as it
    was seen. `wait_seconds`: how long the receiver asks to wait. The message names groups, so the repr lacks it.
    """

    code: str
    where: str
    import_id: str | None = None
    status: str | None = None
    digest: str | None = None
    message: str | None = field(default=None, repr=False)
    http_status: int | None = None
    wait_seconds: float | None = None

    @property
    def outcome(self) -> Outcome:
        return ENDINGS[self.code].outcome

    @property
    def again(self) -> bool:
        """Whether the same request may succeed later with nobody doing anything."""
        return ENDINGS[self.code].again

    @property
    def sentence(self) -> str:
        """What happened and what to do."""
        return ENDINGS[self.code].sentence.format(where=self.where)

    @property
    def results(self) -> list[Result]:
        """The receiver's message, row by row; row 0 is the file as a whole."""
        return results_of(self.message or "")


def answer_from_record(reply: Reply, where: str) -> Answer | None:
    """The answer in an import record; None if the reply holds none."""
    body = reply.body or {}
    import_id, status = _text(body, "id"), _text(body, "status")
    if import_id is None or status is None:
        return None
    code = status if status in ENDINGS and status.isupper() else "unknown_status"
    digest, message = _text(body, "digest"), _text(body, "message")
    return Answer(code, where, import_id, status, digest, message, reply.status)


def _text(body: dict[str, Any], key: str) -> str | None:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        return None
    return storable(str(value))
