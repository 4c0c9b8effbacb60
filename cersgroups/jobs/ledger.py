"""What CERS holds after a part was accepted: the files first, then the record together with the part's new state."""

from django.db import transaction

from cersgroups.actions.extract import groups_of
from cersgroups.actions.ledger import open_ledger
from cersgroups.engine import ledger as engine
from cersgroups.jobs.workspace import workspace
from cersgroups.records.folder import ledger_folder
from cersgroups.records.ledger import Ledger, current_ledger
from cersgroups.records.stored_folder import publish
from cersgroups.records.upload import UploadPart


def write_ledger(part: UploadPart) -> None:
    """Make the ledger that follows from the part's bytes, and save the part as it is now; both or neither."""
    before = current_ledger(part.lea_id)
    extract = part.upload.extract
    with workspace(ledger_folder(part.lea_id, 0).with_name(f"part-{part.pk}")) as aside:
        groups, profile_ids = (None, []) if part.retires or extract is None else groups_of(extract)
        after = engine.apply(
            open_ledger(before) if before else None, [part.path], groups, profile_ids, aside / "ledger"
        )
        with transaction.atomic():
            if UploadPart.objects.select_for_update().get(pk=part.pk).ended:
                return  # another run was quicker
            record = Ledger.objects.create(
                lea_id=part.lea_id, part=part, groups=after.groups, students=after.students, users=after.users
            )
            publish(after.path, record.folder)
            part.save()
