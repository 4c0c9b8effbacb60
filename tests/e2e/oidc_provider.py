"""A small OpenID Connect provider on loopback: discovery, authorization code with PKCE, signed tokens, user info.

Whoever is sent there is signed in at once as `provider.account`; a browser test sets it first. With `directory`, the
issuer is one directory of several on one host and its tokens are like Microsoft Entra's.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "cersgroups", "the client's secret"


@dataclass
class Account:
    subject: str
    email: str
    email_verified: bool = True

    def claims(self) -> dict[str, Any]:
        return {"sub": self.subject, "email": self.email, "email_verified": self.email_verified, "name": self.subject}

    def user_info(self) -> dict[str, Any]:
        return self.claims()


DIRECTORY = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"


@dataclass
class DirectoryAccount(Account):
    """As Microsoft Entra tells of one: `email` is what the directory holds and nobody has verified; `more` claims."""

    user_name: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def claims(self) -> dict[str, Any]:
        mail = {"email": self.email} if self.email else {}
        known = {"sub": self.subject, "name": self.subject, "preferred_username": self.user_name}
        return {**known, "tid": DIRECTORY, "ver": "2.0", **mail, **self.more}

    def user_info(self) -> dict[str, Any]:
        return {"sub": self.subject, "name": self.subject, "email": self.email}


@dataclass
class Grant:
    account: Account
    redirect_uri: str
    challenge: str
    nonce: str


@dataclass
class OidcProvider:
    directory: str = ""
    account: Account = field(default_factory=lambda: Account("nobody", "nobody@example.org"))
    grants: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, Account] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        provider = self

        class Handler(_Handler):
            oidc = provider

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.issuer = f"{self.host}/{self.directory}/v2.0" if self.directory else self.host

    def start(self) -> None:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.host}/authorize",
            "token_endpoint": f"{self.host}/token",
            "userinfo_endpoint": f"{self.host}/userinfo",
            "jwks_uri": f"{self.host}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to, with a code."""
        code = secrets.token_urlsafe(16)
        self.grants[code] = Grant(
            self.account, asked["redirect_uri"], asked.get("code_challenge", ""), asked.get("nonce", "")
        )
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> dict[str, Any]:
        """Tokens for a code: once, for the client that asked, with the verifier that fits."""
        grant = self.grants.pop(asked["code"])
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != grant.challenge:
            raise ValueError("code_verifier does not fit")
        if asked["client_secret"] != CLIENT_SECRET or asked["redirect_uri"] != grant.redirect_uri:
            raise ValueError("client or redirect_uri does not fit")
        access_token = secrets.token_urlsafe(16)
        self.tokens[access_token] = grant.account
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **grant.account.claims()}
        if grant.nonce:
            claims["nonce"] = grant.nonce
        id_token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {"access_token": access_token, "token_type": "Bearer", "expires_in": 300, "id_token": id_token}


class _Handler(BaseHTTPRequestHandler):
    oidc: OidcProvider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if f"{self.oidc.host}{url.path}" == f"{self.oidc.issuer}/.well-known/openid-configuration":
            self._json(self.oidc.metadata())
        elif url.path == "/jwks":
            self._json({"keys": [self.oidc.key.as_dict(private=False)]})
        elif url.path == "/userinfo":
            self._json(self.oidc.tokens[self.headers["Authorization"].removeprefix("Bearer ")].user_info())
        elif url.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.oidc.authorize(_single(url.query)))
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        asked = _single(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if "Authorization" in self.headers:
            user = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
            asked["client_id"], asked["client_secret"] = user.split(":", 1)
        try:
            self._json(self.oidc.token(asked))
        except (KeyError, ValueError) as e:
            self.send_error(400, str(e))

    def _json(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


def _single(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
