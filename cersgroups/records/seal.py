"""Sealing secrets before they are stored: whoever has the database alone cannot read them.

The keys are outside of the database (encryption_key.py). The first seals, all of them open.
"""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cersgroups.core.error import DataStop
from cersgroups.records.encryption_key import encryption_keys


def seal(lea_id: int, values: dict[str, str]) -> str:
    """The values as text that only our keys open, and only for this LEA."""
    return _keys().encrypt(json.dumps({"lea": lea_id, "values": values}).encode()).decode()


def unseal(lea_id: int, sealed: str) -> dict[str, str]:
    """What was sealed. Raises DataStop if no key opens it, or if it was sealed for another LEA."""
    try:
        content = json.loads(_keys().decrypt(sealed.encode()))
    except InvalidToken:
        content = {}
    if content.get("lea") != lea_id:
        raise DataStop(
            "A stored secret cannot be opened with the encryption keys of this installation. "
            "Put the right keys back (CERSGROUPS_ENCRYPTION_KEYS, or the file encryption_key), or enter it again."
        )
    values: dict[str, str] = content["values"]
    return values


def seal_factor(secret: str) -> str:
    """What a person's second factor is made of, as text that only our keys open. It belongs to no LEA."""
    return _keys().encrypt(secret.encode()).decode()


def unseal_factor(sealed: str) -> str:
    """What was sealed; what an older version stored unsealed, as it is. Raises DataStop if no key opens it."""
    if not sealed.startswith(_SEALED):
        return sealed
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise DataStop(
            "The second factor of this account cannot be opened with the encryption keys of this installation. Whoever "
            "runs it must put the right keys back (CERSGROUPS_ENCRYPTION_KEYS, or the file encryption_key)."
        ) from None


_SEALED = "gAAAAA"
"""So begins whatever is sealed (Fernet's version), and no secret of an app or of recovery codes: base32 and hex."""


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in encryption_keys()])
