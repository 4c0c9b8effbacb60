"""Changing the key that seals the secrets of credentials and sources: all are sealed with the first of our keys."""

from typing import cast

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from cersgroups.actions.audit import note_system
from cersgroups.core.error import DataStop
from cersgroups.records.credential import Credential
from cersgroups.records.due import Due
from cersgroups.records.scope import lea_scope
from cersgroups.records.seal import seal_factor, unseal_factor
from cersgroups.records.source import Source


def seal_again(*, new_key: bool = False) -> int:
    """Seal the secrets of every credential, source and second factor with the current key; says how many records.

    Each LEA whose secrets they are gets an audit entry, which says whether the key is new; second factors are people's.
    LEAs are found by the table `due`: each LEA with a credential or a live source is in it.
    Raises DataStop, and changes nothing more, if one cannot be opened with any of the keys.
    """
    count = 0
    for lea_id in sorted(set(Due.objects.filter(what__in=_HOLD_SECRETS).values_list("lea_id", flat=True))):
        with lea_scope(lea_id), transaction.atomic():
            sealed: list[Credential | Source] = [
                *Credential.objects.select_for_update().order_by("pk"),
                *Source.objects.select_for_update().exclude(sealed="").order_by("pk"),
            ]
            for record in sealed:
                record.keep(record.secrets())
                record.save(update_fields=["sealed"])
            if sealed:
                note_system(lea_id, "rotate key", f"lea {lea_id}", door="command", new_key=new_key, secrets=len(sealed))
            count += len(sealed)
    return count + _seal_factors()


def closed_factors() -> int:
    """How many second factors no key opens."""
    return sum(not _opens(factor.data[_FACTORS[factor.type]]) for factor in _factors())


def _opens(sealed: str) -> bool:
    try:
        unseal_factor(sealed)
    except DataStop:
        return False
    return True


def _seal_factors() -> int:
    """Of authenticator apps and recovery codes; those that an older version stored unsealed are sealed now."""
    with transaction.atomic():
        factors = list(_factors().select_for_update())
        for factor in factors:
            name = _FACTORS[factor.type]
            factor.data = {**factor.data, name: seal_factor(unseal_factor(factor.data[name]))}
            factor.save(update_fields=["data"])
    return len(factors)


def _factors() -> "QuerySet[Authenticator]":
    return cast("QuerySet[Authenticator]", Authenticator.objects.filter(type__in=_FACTORS).order_by("pk"))


_FACTORS = {"totp": "secret", "recovery_codes": "seed"}
"""What holds the secret, by the kind of factor (django-allauth)."""


_HOLD_SECRETS = ("credential_expiry", "sync")
