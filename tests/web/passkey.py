"""A passkey in memory: what a browser answers when a page asks it to make one."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

_FLAG = AuthenticatorData.FLAG


def made_passkey(options: dict[str, Any]) -> str:
    """The answer to `creation_options` of the page, as its form sends it."""
    asked = options["publicKey"]
    host, number = asked["rp"]["id"], os.urandom(16)
    told = {"type": "webauthn.create", "challenge": _text(asked["challenge"]), "origin": f"https://{host}"}
    private = ec.generate_private_key(ec.SECP256R1())
    key = ES256.from_cryptography_key(private.public_key())  # type: ignore[no-untyped-call]
    credential = AttestedCredentialData.create(bytes(16), number, key)
    digest = hashlib.sha256(host.encode()).digest()
    made = AuthenticatorData.create(digest, _FLAG.UP | _FLAG.UV | _FLAG.AT, 0, credential)
    answer = {
        "clientDataJSON": websafe_encode(json.dumps(told).encode()),
        "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
    }
    name = websafe_encode(number)
    return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": answer})


def _text(challenge: str | bytes) -> str:
    return challenge if isinstance(challenge, str) else websafe_encode(challenge)
