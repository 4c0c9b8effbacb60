"""What a profile would give today, for somebody who is still choosing (features D12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cersgroups.actions.answer import Answers, Pending
from cersgroups.actions.snapshot import current_record, open_stored
from cersgroups.core import profile as core_profile
from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor, check_can
from cersgroups.core.roster import year_name
from cersgroups.engine import preview as engine
from cersgroups.records.lea import Lea

KEPT = 800
"""Twelve kilobytes each: as many as the drafts of some hundred people, so that opening one again counts nothing."""

PATIENCE = 0.04
"""Seconds that `ask_preview` waits in any case: who has to wait for others asks again."""

COUNTING_SECONDS = 1.0
"""What it waits more while it is counted: long enough but for a large district with all its classes."""


@dataclass(frozen=True)
class _Question:
    folder: Path
    profile: core_profile.Profile
    as_of: date


def ask_preview(actor: Actor, content: Mapping[str, Any], draft_id: int) -> engine.Preview | Pending:
    """Counts, first groups and findings of the current roster, as of today; Pending until they are there: ask again.

    `content` as a profile's TOML file has it. Who asks something else for the draft withdraws the question before. In
    the LEA's scope. Raises RequestStop if the content is wrong or of another school year, PermissionRefused for schools
    that are not the actor's, DataStop if the data stops it.
    """
    return _answers.ask(_question(actor, content), draft_id, PATIENCE)


def _question(actor: Actor, content: Mapping[str, Any]) -> _Question:
    """Without what the answer does not depend on: then it is there already when only that was changed."""
    meaning = core_profile.from_mapping({**content, "name": "This profile", "include_in_scheduled_process": False})
    check_can(actor, "change_profile", school_ids=meaning.schools)
    record = current_record(actor)
    lea = Lea.objects.get(pk=actor.lea_id)
    if meaning.school_year != lea.school_year:
        raise RequestStop(
            f"The profile is of school year {year_name(meaning.school_year)}, but the roster is of "
            f"{year_name(lea.school_year or 0)}. Choose the roster's year."
        )
    return _Question(record.folder, lea.styled(meaning), lea.today())


def _work(question: _Question) -> engine.Preview:
    return engine.preview(open_stored(question.folder), question.profile, question.as_of)


_answers = Answers(_work, KEPT, COUNTING_SECONDS)
