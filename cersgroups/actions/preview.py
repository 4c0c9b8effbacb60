"""What a profile would give today, for somebody who is still choosing (features D12)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cersgroups.actions.snapshot import current_snapshot
from cersgroups.core import profile as core_profile
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor, check_can
from cersgroups.engine import preview as engine
from cersgroups.records.lea import Lea


def preview_profile(actor: Actor, content: Mapping[str, Any]) -> engine.Preview:
    """Counts, first groups and findings of the current roster, as of today. In the LEA's scope.

    `content` as a profile's TOML file has it. Raises RequestStop if it is wrong or of another school year,
    PermissionRefused for schools that are not the actor's, DataStop if the data stops it.
    """
    meaning = core_profile.from_mapping(content)
    check_can(actor, "change_profile", school_ids=meaning.schools)
    snapshot = current_snapshot(actor)
    lea = Lea.objects.get(pk=actor.lea_id)
    if meaning.school_year != snapshot.school_year:
        raise RequestStop(
            f"The profile is of school year {meaning.school_year}, but the roster is of {snapshot.school_year}. "
            f"Choose the roster's year."
        )
    if lea.name_style == "readable":
        meaning = replace(meaning, name_style="readable")
    return engine.preview(snapshot, meaning, lea.today())
