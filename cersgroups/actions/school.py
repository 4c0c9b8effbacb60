"""Schools of the current roster, as somebody may work at them."""

from django.db.models import QuerySet

from cersgroups.core.permission import Actor
from cersgroups.records.school import School


def visible_schools(actor: Actor) -> "QuerySet[School]":
    """All, or those that the actor is limited to; read it in the LEA's scope. Their names are no secret in the LEA."""
    schools = School.objects.filter(lea_id=actor.lea_id)
    return schools if actor.school_ids is None else schools.filter(school_id__in=actor.school_ids)
