"""What a backup copies is thought through for every state: a new one must be put on one side or the other."""

from cersgroups.core.state import TRANSITIONS
from cersgroups.records.named_file import PREPARED_UPLOAD, STORED_SNAPSHOT


def test_the_snapshots_of_every_state_are_known_to_have_files_or_not() -> None:
    without = {"queued", "fetching", "converting", "failed"}
    assert without.isdisjoint(STORED_SNAPSHOT)
    assert without | set(STORED_SNAPSHOT) == set(TRANSITIONS["snapshot"])


def test_the_uploads_of_every_state_are_known_to_have_files_or_not() -> None:
    without = {"queued", "preparing", "cancelled", "failed"}
    assert without.isdisjoint(PREPARED_UPLOAD)
    assert without | set(PREPARED_UPLOAD) == set(TRANSITIONS["upload"])
