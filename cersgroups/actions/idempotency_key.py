"""Requests with an Idempotency-Key are done once, and answered the same as often as they come.

Answers may hold students (a profile's list), so they go after 48 hours, whatever is asked for or revoked meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from cersgroups.core.error import RequestStop
from cersgroups.core.permission import Actor
from cersgroups.records.due import plan_first
from cersgroups.records.idempotency_key import IdempotencyKey
from cersgroups.records.scope import lea_scope

KEPT = timedelta(hours=48)


class KeyReused(RequestStop):
    """The key came before, with another request."""


@dataclass(frozen=True)
class Answer:
    """`done`: something was changed, so that the answer is to be kept; else the key stays free."""

    status: int
    headers: dict[str, str]
    body: str
    done: bool = True


def do_once(actor: Actor, key: str, fingerprint: str, do: Callable[[], Answer]) -> tuple[Answer, bool]:
    """What `do` answers, or what it answered when the key came first, and whether that is so.

    In one transaction with what `do` changes: where the program is killed, both are undone. A second request that
    comes meanwhile waits for the first one. Raises KeyReused if the key came with another `fingerprint`.
    """
    assert actor.token is not None  # noqa: S101 - only the API calls this
    of = {"lea_id": actor.lea_id, "token_id": actor.token.token_id}
    with lea_scope(actor.lea_id), transaction.atomic():
        IdempotencyKey.objects.filter(**of, created_at__lt=timezone.now() - KEPT).delete()
        kept, new = IdempotencyKey.objects.get_or_create(**of, key=key, defaults={"fingerprint": fingerprint})
        if not new:
            if kept.fingerprint != fingerprint:
                raise KeyReused("This Idempotency-Key was used for another request. Use a new key for a new request.")
            return Answer(kept.status, kept.headers, kept.body), True
        answer = do()
        if answer.done:
            kept.status, kept.headers, kept.body = answer.status, answer.headers, answer.body
            kept.save()
            plan_first(actor.lea_id, "answers", timezone.now() + KEPT)
        else:
            transaction.set_rollback(True)
        return answer, False


def forget_answers(lea_id: int, now: datetime) -> datetime:
    """What is due (jobs/due.py): remove what was kept long enough; when the next is to go.

    It is planned again although none is left: a request of this moment has seen that it is planned, and plans nothing.
    What a request holds just now (a long upload of a roster) is left for the next time: all LEAs would wait for it.
    """
    kept = IdempotencyKey.objects.filter(lea_id=lea_id)
    old = kept.filter(created_at__lte=now - KEPT).select_for_update(skip_locked=True)
    IdempotencyKey.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
    first: datetime | None = kept.aggregate(first=Min("created_at"))["first"]
    return (first or now) + KEPT
