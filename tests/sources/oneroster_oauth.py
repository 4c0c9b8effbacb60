"""How the stand-in checks who asks: OAuth 1.0a by another implementation (Authlib) than the one under test."""

import hashlib
import hmac
import time
from base64 import b64encode
from secrets import compare_digest

from authlib.oauth1.rfc5849 import signature
from authlib.oauth1.rfc5849.wrapper import OAuth1Request


def basic(client_id: str, client_secret: str) -> str:
    return "Basic " + b64encode(f"{client_id}:{client_secret}".encode()).decode()


def signed(base: str, client_secret: str, method: str) -> str:
    """The signature of a base string; of SHA-256, which RFC 5849 does not know, by the same rule."""
    if method == "HMAC-SHA1":
        return str(signature.hmac_sha1_signature(base, client_secret, None))
    key = f"{signature.escape(client_secret)}&".encode()
    return b64encode(hmac.digest(key, base.encode(), hashlib.sha256)).decode()


class SignedRequests:
    """Allows each rightly signed request once."""

    def __init__(self, client_id: str, client_secret: str, method: str) -> None:
        self._client_id, self._secret, self._method = client_id, client_secret, method
        self._nonces: set[str] = set()

    def allow(self, verb: str, url: str, authorization: str) -> bool:
        if not authorization.startswith("OAuth "):
            return False
        request = OAuth1Request(verb, url, headers={"Authorization": authorization})
        base = signature.generate_signature_base_string(request)
        told = request.oauth_params
        fresh = told["oauth_nonce"] not in self._nonces and abs(time.time() - int(told["oauth_timestamp"])) < 300
        self._nonces.add(told["oauth_nonce"])
        right = request.client_id == self._client_id and request.signature_method == self._method
        return right and fresh and compare_digest(request.signature, signed(base, self._secret, self._method))
