"""Answers that take longer than a page may: worked out beside the requests, asked for until they are there, and kept.

The work runs in a thread of the process and must not need the relational database; what it needs is in the question.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from enum import StrEnum
from hashlib import sha256
from threading import Lock
from typing import Generic, TypeVar

from cersgroups.core.error import Stop

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Pending(StrEnum):
    """Instead of an answer that is not there yet; the value is what a page is told, which then asks again."""

    COUNTING = "counting"
    """It is being worked on: ask again in a moment."""

    QUEUED = "queued"
    """Others are worked on before it: whoever asks soon again only takes time from them."""


class Answers(Generic[Question, Answer]):
    """One question is worked on at a time, the others wait; the last `kept` of them are kept with their answers.

    Of a question only the digest of its `repr` is kept: with its hundred schools it is larger than its answer.

    Whose question is being worked on may wait `seconds_more` for it. Every process answers by itself: who went away and
    asked again would often have another one work on it too. One request of the process waits so, and no other: the
    threads that answer are few.
    """

    def __init__(self, work: Callable[[Question], Answer], kept: int, seconds_more: float = 0.0) -> None:
        self._work, self._most, self._seconds_more = work, kept, seconds_more
        self._asked: OrderedDict[bytes, Future[Answer]] = OrderedDict()
        self._last: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock, self._longer = Lock(), Lock()
        self._pool = ThreadPoolExecutor(1)

    def ask(self, question: Question, asker: Hashable, seconds: float) -> Answer | Pending:
        """The answer; Pending if it is not there after so many seconds: ask again. Raises what the work raises.

        Who asks something else withdraws the question before, unless it is being worked on already.
        """
        key = sha256(repr(question).encode()).digest()
        future = self._future(key, question, asker)
        try:
            return self._waited_for(future, seconds)
        except CancelledError:  # another who had asked the same asks something else now
            return Pending.QUEUED
        except Stop as stop:
            raise stop.with_traceback(None) from None  # it is kept, and would keep the requests that it was raised in
        except BaseException:
            self._forget(key, future)  # it may be better next time
            raise

    def _waited_for(self, future: "Future[Answer]", seconds: float) -> Answer | Pending:
        wait([future], seconds)
        if future.running() and self._longer.acquire(blocking=False):
            try:
                wait([future], self._seconds_more)
            finally:
                self._longer.release()
        if future.done():
            return future.result()
        return Pending.COUNTING if future.running() else Pending.QUEUED

    def _future(self, key: bytes, question: Question, asker: Hashable) -> "Future[Answer]":
        with self._lock:
            before = self._last.pop(asker, key)
            self._last[asker] = key
            if before != key and before in self._asked and self._asked[before].cancel():
                del self._asked[before]
            future = self._asked.pop(key, None)
            if future is None or future.cancelled():
                future = self._pool.submit(self._work, question)
            self._asked[key] = future
            for kept in (self._asked, self._last):
                while len(kept) > self._most:
                    kept.popitem(last=False)
            return future

    def _forget(self, key: bytes, future: "Future[Answer]") -> None:
        with self._lock:
            if self._asked.get(key) is future:
                del self._asked[key]
