"""Answers that are worked out beside the requests: there at once, later, withdrawn, wrong, thrown away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest

from cersgroups.actions.answer import Answers, Pending
from cersgroups.core.error import DataStop

LONG = 30.0


class Work:
    """Answers `text!`, once it may; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may, self.begun = Event(), Event()
        self.fault: Callable[[], Exception] | None = None

    def __call__(self, text: str) -> str:
        self.asked.append(text)
        self.begun.set()
        assert self.may.wait(LONG)
        if self.fault:
            raise self.fault()
        return f"{text}!"


@pytest.fixture
def work() -> Work:
    return Work()


def test_an_answer_that_is_quick_is_there_at_once(work: Work) -> None:
    work.may.set()
    assert Answers(work, kept=2).ask("a", "ada", LONG) == "a!"


def test_whoever_asks_again_gets_the_answer_that_was_not_there_yet(work: Work) -> None:
    answers = Answers(work, kept=2)
    assert isinstance(answers.ask("a", "ada", 0), Pending)
    work.may.set()
    assert answers.ask("a", "ada", LONG) == "a!"
    assert answers.ask("a", "alma", LONG) == "a!"
    assert work.asked == ["a"]


def test_whoever_waits_is_told_whether_others_come_first(work: Work) -> None:
    answers = Answers(work, kept=5)
    answers.ask("ada's", "ada", 0)
    assert work.begun.wait(LONG)
    assert answers.ask("ada's", "ada", 0) == Pending.COUNTING
    assert answers.ask("alma's", "alma", 0) == Pending.QUEUED
    work.may.set()
    assert answers.ask("alma's", "alma", LONG) == "alma's!"


def test_one_of_those_whose_question_is_worked_on_waits_for_it_and_nobody_else(work: Work) -> None:
    answers = Answers(work, kept=5, seconds_more=LONG)
    with ThreadPoolExecutor(2) as others:
        first = others.submit(answers.ask, "ada's", "ada", LONG)
        assert work.begun.wait(LONG)
        waiting = others.submit(answers.ask, "ada's", "vera", 0.0)
        while not answers._longer.locked():
            sleep(0.01)
        assert answers.ask("ada's", "sam", 0) == Pending.COUNTING
        assert answers.ask("alma's", "alma", 0) == Pending.QUEUED
        work.may.set()
        assert (first.result(LONG), waiting.result(LONG)) == ("ada's!", "ada's!")


def test_work_that_runs_out_of_time_itself_is_told_and_tried_again(work: Work) -> None:
    work.fault = TimeoutError
    work.may.set()
    answers = Answers(work, kept=5)
    with pytest.raises(TimeoutError):
        answers.ask("a", "ada", LONG)
    work.fault = None
    assert answers.ask("a", "ada", LONG) == "a!"


def test_who_asks_something_else_withdraws_what_nobody_has_begun(work: Work) -> None:
    answers = Answers(work, kept=5)
    answers.ask("alma's", "alma", 0)
    assert work.begun.wait(LONG)
    assert [answers.ask(text, "ada", 0) for text in ("first", "second", "third")] == 3 * [Pending.QUEUED]
    work.may.set()
    assert answers.ask("third", "ada", LONG) == "third!"
    assert work.asked == ["alma's", "third"]


def test_what_was_withdrawn_can_be_asked_for_again(work: Work) -> None:
    answers = Answers(work, kept=5)
    answers.ask("alma's", "alma", 0)
    assert work.begun.wait(LONG)
    for text in ("first", "second"):
        answers.ask(text, "ada", 0)
    work.may.set()
    assert answers.ask("first", "ada", LONG) == "first!"


def test_who_asks_something_else_fails_nobody_who_asked_the_same(work: Work) -> None:
    answers = Answers(work, kept=5)
    answers.ask("olga's", "olga", 0)
    assert work.begun.wait(LONG)
    with ThreadPoolExecutor(1) as other:
        answers.ask("same", "ada", 0)
        waiting = other.submit(answers.ask, "same", "alma", LONG)
        while "alma" not in answers._last:
            sleep(0.01)
        answers.ask("another", "ada", 0)
        assert waiting.result(LONG) == Pending.QUEUED
        work.may.set()
    assert answers.ask("same", "alma", LONG) == "same!"


def test_a_sentence_about_the_data_is_kept_as_an_answer(work: Work) -> None:
    work.may.set()
    work.fault = lambda: DataStop("Names stay equal.")
    answers = Answers(work, kept=2)
    for _ in range(2):
        with pytest.raises(DataStop, match="stay equal") as told:
            answers.ask("a", "ada", LONG)
        assert len(told.traceback) == 2, "it keeps what it was raised in before"
    assert work.asked == ["a"]


def test_a_failure_of_the_machine_is_tried_again(work: Work) -> None:
    work.may.set()
    work.fault = lambda: OSError("no space left")
    answers = Answers(work, kept=2)
    with pytest.raises(OSError, match="no space"):
        answers.ask("a", "ada", LONG)
    work.fault = None
    assert answers.ask("a", "ada", LONG) == "a!"


def test_the_oldest_answers_are_thrown_away(work: Work) -> None:
    work.may.set()
    answers = Answers(work, kept=2)
    for text in ("a", "b", "c", "a"):
        answers.ask(text, "ada", LONG)
    assert work.asked == ["a", "b", "c", "a"]
