from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist import confirmations as module
from edgeassist.confirmations import MAX_TRIES, MAX_WAITING, Answered, AskAgain, Confirmations, hash_pin, question
from edgeassist.errors import IntentError
from edgeassist.messages import Outcome, Result, Utterance
from edgeassist.pipeline import Pending
from edgeassist.policy import PolicyOptions


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    fake = Clock()
    monkeypatch.setattr(module, "time", fake)
    return fake


def pending(id_: str = "x") -> Pending:
    utterance = Utterance(id_, "unlock the door", time.monotonic() + 10)
    return Pending(utterance, (), Result(id_, utterance.text, Outcome.FAILED), time.monotonic())


def asked(*ids: str, pin: str | None = None, expires_s: float = 30) -> Confirmations:
    held = Confirmations(expires_s, hash_pin(pin) if pin else None)
    assert all(held.ask(pending(id_), None) for id_ in ids or ("x",))
    return held


@pytest.mark.parametrize("payload", [b"yes", b" YES\n", b"ok", b'{"answer":"yes"}', b'{"answer": "Y", "pin": null}'])
def test_yes_settles_the_question(payload: bytes) -> None:
    held = asked()
    answered = held.answer("x", payload)
    assert isinstance(answered, Answered)
    assert answered.yes is True
    assert answered.pending.utterance.id == "x"
    assert len(held) == 0


@pytest.mark.parametrize("payload", [b"no", b"cancel", b'{"answer":"no"}'])
def test_no_settles_the_question(payload: bytes) -> None:
    answered = asked().answer("x", payload)
    assert isinstance(answered, Answered)
    assert answered.yes is False


def test_second_answer_finds_nothing() -> None:
    held = asked()
    assert held.answer("x", b"yes") is not None
    assert held.answer("x", b"no") is None


def test_answer_to_another_id_settles_nothing() -> None:
    held = asked("x")
    assert held.answer("y", b"yes") is None
    assert len(held) == 1


def test_question_expires_once_and_only_when_its_time_is_up(clock: Clock) -> None:
    held = asked("x", expires_s=30)
    clock.now += 29
    assert held.expired() == []
    clock.now += 1
    (answered,) = held.expired()
    assert answered.yes is None
    assert held.expired() == []


def test_yes_that_comes_too_late_is_no_yes(clock: Clock) -> None:
    held = asked("x", expires_s=30)
    clock.now += 30
    answered = held.answer("x", b"yes")
    assert isinstance(answered, Answered)
    assert answered.yes is None, "the daemon looks for expired questions now and then only"


def test_id_that_waits_already_cannot_be_asked_about_again() -> None:
    held = asked("x")
    assert held.ask(pending("x"), None) is False
    assert len(held) == 1


def test_too_many_questions_are_not_asked() -> None:
    held = asked(*(str(n) for n in range(MAX_WAITING)))
    assert held.ask(pending("one more"), None) is False


def test_right_pin_is_a_yes() -> None:
    answered = asked(pin="1234").answer("x", b'{"answer":"yes","pin":"1234"}')
    assert isinstance(answered, Answered)
    assert answered.yes is True


def test_pin_may_be_a_number() -> None:
    answered = asked(pin="1234").answer("x", b'{"answer":"yes","pin":1234}')
    assert isinstance(answered, Answered)
    assert answered.yes is True


def test_wrong_pins_become_a_no() -> None:
    held = asked(pin="1234")
    for left in range(MAX_TRIES - 1, 0, -1):
        again = held.answer("x", b'{"answer":"yes","pin":"0000"}')
        assert isinstance(again, AskAgain)
        assert again.prompt.startswith(f"That PIN is wrong; {left} more tr")
    answered = held.answer("x", b"yes")
    assert isinstance(answered, Answered)
    assert answered.yes is False
    assert answered.wrong_pin
    assert held.answer("x", b'{"answer":"yes","pin":"1234"}') is None


def test_yes_without_the_pin_is_told_that_it_needs_one() -> None:
    again = asked(pin="1234", expires_s=30).answer("x", b"yes")
    assert isinstance(again, AskAgain)
    assert again.prompt.startswith("This needs a PIN; 2 more tries.")
    assert 0 < again.expires_s <= 30
    assert json.loads(question(again.pending, again.prompt, again.expires_s)).keys() == {
        "id", "text", "prompt", "calls", "expires_s",
    }  # fmt: skip


def test_no_needs_no_pin() -> None:
    answered = asked(pin="1234").answer("x", b"no")
    assert isinstance(answered, Answered)
    assert answered.yes is False


@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=80).map(lambda text: ('{"answer":"yes","pin":' + text).encode())
    )
)
def test_hostile_answer_is_understood_or_an_intent_error(payload: bytes) -> None:
    held = asked()
    try:
        held.answer("x", payload)
    except IntentError:
        assert len(held) == 1


@pytest.mark.parametrize(
    "pin", [b'"\\ud800"', b"[1,2]", b'{"a":1}', b"1e999", b"NaN", b"true", b'"' + b"9" * 200 + b'"']
)
def test_strange_pin_is_wrong_or_an_intent_error(pin: bytes) -> None:
    held = asked(pin="1234")
    try:
        assert isinstance(held.answer("x", b'{"answer":"yes","pin":' + pin + b"}"), AskAgain)
    except IntentError:
        assert len(held) == 1


def test_two_answers_at_once_settle_it_once() -> None:
    held = asked()
    barrier = threading.Barrier(8)

    def answer(word: bytes) -> object:
        barrier.wait(5)
        return held.answer("x", word)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(answer, [b"yes", b"no"] * 4))
    assert sum(answered is not None for answered in found) == 1


def test_hash_of_a_pin_is_what_the_configuration_takes() -> None:
    assert PolicyOptions(pin_hash=hash_pin("1234")).pin_hash is not None
    assert hash_pin("1234") != hash_pin("1234")


def test_abandoned_questions_are_expired_and_gone() -> None:
    held = asked("a", "b")
    assert [(found.pending.utterance.id, found.yes) for found in held.abandon()] == [("a", None), ("b", None)]
    assert held.abandon() == []
