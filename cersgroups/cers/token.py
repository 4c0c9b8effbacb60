"""The token that every request to the import service carries, fetched with the credential and kept until it expires."""

import time
from dataclasses import dataclass, field
from typing import Any

from cersgroups.cers.answer import Answer
from cersgroups.cers.credential import Credential
from cersgroups.cers.endpoint import Endpoints, host_of
from cersgroups.cers.exchange import Break, Reply, Request, exchange
from cersgroups.cers.patience import Patience

_OK, _CLIENT_ERROR, _TOO_MANY, _SERVER_ERROR = 200, 400, 429, 500
_NOTHING_THERE = (404, 405)
_USUAL_SECONDS, _LONGEST_LIFE = 300.0, 86_400.0
_BEFORE_CONNECTION = ("name_not_found", "refused", "no_connection", "tls")


@dataclass(frozen=True)
class Token:
    """`until` by time.monotonic: renewed when nine tenths of its life are over."""

    text: str = field(repr=False)
    until: float

    @property
    def is_valid(self) -> bool:
        return time.monotonic() < self.until

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}"}


def fetch_token(endpoints: Endpoints, credential: Credential, patience: Patience) -> Token | Answer:
    """A new token, or the answer that says why there is none."""
    where = host_of(endpoints.token_url)
    reply = exchange(Request("POST", endpoints.token_url, form=credential.form()), patience)
    if isinstance(reply, Break):
        return Answer(reply.code if reply.code in _BEFORE_CONNECTION else "token_unavailable", where)
    token = _token(reply.body) if reply.status == _OK else None
    if token is not None:
        return token
    return Answer(_code(reply), where, http_status=reply.status, wait_seconds=reply.wait_seconds)


def _token(body: dict[str, Any] | None) -> Token | None:
    text = (body or {}).get("access_token")
    if not isinstance(text, str) or not text or not (text.isascii() and text.isprintable()):
        return None
    seconds = (body or {}).get("expires_in")
    life = float(min(seconds, _LONGEST_LIFE)) if isinstance(seconds, (int, float)) else _USUAL_SECONDS
    return Token(text, time.monotonic() + 0.9 * life)


def _code(reply: Reply) -> str:
    if reply.status >= _SERVER_ERROR or reply.status == _TOO_MANY:
        return "token_unavailable"
    error = (reply.body or {}).get("error")
    if error in ("invalid_client", "invalid_grant"):
        return str(error)
    if reply.status in _NOTHING_THERE:
        return "token_address"
    if reply.status < _CLIENT_ERROR:
        return "token_address" if reply.status >= 300 else "token_unreadable"
    return "token_refused"
