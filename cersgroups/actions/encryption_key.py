"""Changing the key that seals the secrets of credentials and sources: all are sealed with the first of our keys."""

from django.db import transaction

from cersgroups.records.credential import Credential
from cersgroups.records.due import Due
from cersgroups.records.scope import lea_scope
from cersgroups.records.source import Source


def seal_again() -> int:
    """Seal the secrets of every credential and source of every LEA with the current key; says how many records.

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
            count += len(sealed)
    return count


_HOLD_SECRETS = ("credential_expiry", "sync")
