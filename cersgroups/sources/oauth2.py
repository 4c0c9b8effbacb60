"""OAuth 2 with client credentials (RFC 6749, 4.4): a token for our id and secret, and requests that carry it.

The token is fetched when it is first needed, before it ends, and once more when the server refuses it (401).
"""

import threading
import time
from base64 import b64encode
from collections.abc import Generator
from http.cookiejar import CookieJar
from typing import Any

import httpx

from cersgroups.core.error import DataStop
from cersgroups.sources.exchange import Refused, Server

_MARGIN = 60.0
"""Seconds before its end from which a token is not used any more (a tenth of its life, if that is less)."""

_NEVER = float("inf")
_CHECK = "Check the token address, the client id and the client secret."


class ClientCredentials(httpx.Auth):
    """Signs requests with a token from `server`, whose base is the token address; may be used by several threads.

    Raises DataStop, naming the request for the token, if there is none to be had. `secrets` is the list that the
    servers keep out of sentences (exchange.py): the tokens are added to it. `cookies` are those that came with the
    token: a balanced server wants them back.
    """

    def __init__(
        self, server: Server, client_id: str, client_secret: str, scope: str, secrets: list[str], cookies: CookieJar
    ) -> None:
        self._server, self._scope, self._secrets, self._cookies = server, scope, secrets, httpx.Cookies(cookies)
        self._basic = httpx.BasicAuth(client_id, client_secret)
        self._token, self._until = "", 0.0
        self._lock = threading.Lock()
        secrets += [client_secret, b64encode(f"{client_id}:{client_secret}".encode()).decode()]

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self.token()
        response = yield self._with(token, request)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            yield self._with(self.token(refused=token), request)

    def _with(self, token: str, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {token}"
        request.headers.pop("Cookie", None)
        self._cookies.set_cookie_header(request)
        return request

    def token(self, refused: str = "") -> str:
        """A token that holds, other than the one that was refused."""
        with self._lock:
            if self._token in ("", refused) or time.monotonic() >= self._until:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        form = {"grant_type": "client_credentials", "scope": self._scope}
        try:
            answer = self._server.post(form, self._basic)
        except Refused as refused:
            raise DataStop(f"{refused} {_CHECK}") from None  # no Refused: it is not what was asked for
        try:
            content = answer.json()
        finally:
            answer.close()
        token = content.get("access_token") if isinstance(content, dict) else None
        if not isinstance(token, str) or not token or not (token.isascii() and token.isprintable()):
            raise DataStop(f"{answer.request}: there is no access token in the answer. {_CHECK}")
        self._secrets.append(token)
        self._token, self._until = token, time.monotonic() + _lasts(content.get("expires_in"))


def _lasts(seconds: Any) -> float:
    """How long a token is used that holds so many seconds (a number, or such a text); for ever if it is not said."""
    try:
        life = float(seconds)
    except (TypeError, ValueError, OverflowError):
        return _NEVER
    return max(0.0, life - min(_MARGIN, life / 10))
