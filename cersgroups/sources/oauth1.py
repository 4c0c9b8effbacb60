"""OAuth 1.0a signing of requests (RFC 5849) with a key and a secret of ours and no token, as OneRoster 1.1 wants it.

Only requests without a body are signed: all we send are GETs. The secret never leaves this file.
"""

import hashlib
import hmac
import secrets
import time
from base64 import b64encode
from collections.abc import Generator, Iterable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit

import httpx

Pairs = Iterable[tuple[str, str]]

DIGESTS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
"""By the name of the signature method; RFC 5849 has only the first."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


class OAuth1(httpx.Auth):
    """Signs each request anew, so that none can be sent twice. `method` is one of DIGESTS."""

    def __init__(self, client_id: str, client_secret: str, method: str) -> None:
        self._client_id, self._secret, self._method = client_id, client_secret, method

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        protocol = {
            "oauth_consumer_key": self._client_id,
            "oauth_signature_method": self._method,
            "oauth_timestamp": str(int(time.time())),
            "oauth_nonce": secrets.token_hex(16),
            "oauth_version": "1.0",
        }
        base = base_string(request.method, str(request.url), protocol.items())
        protocol["oauth_signature"] = signature(base, self._secret, self._method)
        request.headers["Authorization"] = header(protocol)
        yield request


def base_string(method: str, url: str, parameters: Pairs) -> str:
    """What is signed (3.4.1): the method, the address, and the parameters with those of the address's query."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    pairs = sorted((escaped(name), escaped(value)) for name, value in (*query, *parameters))
    normal = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((method.upper(), escaped(_address(url)), escaped(normal)))


def signature(base: str, client_secret: str, method: str, token_secret: str = "") -> str:
    """The signature of a base string (3.4.2), in base 64."""
    key = f"{escaped(client_secret)}&{escaped(token_secret)}"
    return b64encode(hmac.digest(key.encode(), base.encode(), DIGESTS[method])).decode()


def header(protocol: Mapping[str, str]) -> str:
    """The Authorization header (3.5.1)."""
    return "OAuth " + ", ".join(f'{escaped(name)}="{escaped(value)}"' for name, value in protocol.items())


def escaped(text: str) -> str:
    """Percent-encoded as the RFC wants it (3.6): all but letters, digits and `-._~`."""
    return quote(text, safe="")


def _address(url: str) -> str:
    """Scheme and host in lower case, without a default port, query and fragment (3.4.1.2)."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = parts.netloc.rpartition("@")[2].lower()
    if parts.port == _DEFAULT_PORTS.get(scheme):
        host = host.removesuffix(f":{parts.port}")
    return f"{scheme}://{host}{parts.path or '/'}"
