"""Changing the key that seals credentials: all of them are sealed anew with the first of the installation's keys."""

from django.db import transaction

from cersgroups.records.credential import Credential
from cersgroups.records.due import Due
from cersgroups.records.scope import lea_scope


def seal_again() -> int:
    """Seal every credential of every LEA with the current key; says how many.

    LEAs are found by the table `due`: each LEA with a credential is in it. Raises DataStop, and changes nothing more,
    if one cannot be opened with any of the keys.
    """
    count = 0
    for lea_id in sorted(set(Due.objects.filter(what="credential_expiry").values_list("lea_id", flat=True))):
        with lea_scope(lea_id), transaction.atomic():
            for credential in Credential.objects.select_for_update().order_by("pk"):
                credential.keep(credential.secrets())
                credential.save(update_fields=["sealed"])
                count += 1
    return count
