"""Accounts and tokens of the sandbox: who may sign in, for which schools, and for how long a token holds."""

import hmac
import secrets
import time
from dataclasses import dataclass, field

from cersgroups.cers.known import Known

RIGHT = "GROUP_WRITE"


@dataclass(frozen=True)
class Account:
    """`schools` None: every school the sandbox knows is within its scope. All names and secrets are invented."""

    username: str = "sandbox"
    password: str = field(default="sandbox", repr=False)
    client_id: str = "sandbox"
    client_secret: str = field(default="sandbox", repr=False)
    schools: frozenset[str] | None = None
    authorities: tuple[str, ...] = (RIGHT,)

    @property
    def may_send(self) -> bool:
        return RIGHT in self.authorities

    def scope(self, known: Known) -> Known:
        """What the receiver knows as this account sees it: a school out of its scope cannot be found."""
        if self.schools is None:
            return known
        schools = self.schools if known.schools is None else known.schools & self.schools
        return Known(schools, known.years, known.subjects)


class Tokens:
    """Tokens given to accounts; kept in memory only, so that a restart expires them all."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self.accounts = accounts
        self.given: dict[str, tuple[Account, float]] = {}

    def grant(self, form: dict[str, str], seconds: float) -> dict[str, object]:
        """The answer to the posted form: a token, or `error` as the OAuth2 server words it (RFC 6749, 5.2)."""
        account = self._account(form)
        if isinstance(account, str):
            return {"error": account, "error_description": f"The sandbox answers {account}."}
        token = secrets.token_urlsafe(24)
        self.given[token] = (account, time.monotonic() + seconds)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(seconds),
            "scope": form.get("scope", "openid profile"),
        }

    def account_of(self, authorization: str) -> Account | None:
        """Whose token is in the header, if it still holds."""
        kind, _, token = authorization.partition(":" if authorization.startswith("Bearer:") else " ")
        account, until = self.given.get(token.strip(), (None, 0.0))
        return account if kind == "Bearer" and time.monotonic() < until else None

    def expire(self) -> None:
        self.given.clear()

    def _account(self, form: dict[str, str]) -> Account | str:
        clients = [each for each in self.accounts if _same(each, form, "client_id", "client_secret")]
        if not clients:
            return "invalid_client"
        if form.get("grant_type") == "client_credentials":
            return clients[0]
        if form.get("grant_type") != "password":
            return "unsupported_grant_type"
        users = [each for each in clients if _same(each, form, "username", "password")]
        return users[0] if users else "invalid_grant"


def _same(account: Account, form: dict[str, str], *fields: str) -> bool:
    return all(hmac.compare_digest(getattr(account, each).encode(), form.get(each, "").encode()) for each in fields)
