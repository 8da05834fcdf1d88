"""The microphone's thread, with a device that fails, overflows and comes back."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Self

import pytest

from edgeassist.errors import AudioError
from edgeassist.home import Home
from edgeassist.voice import source as source_module
from edgeassist.voice.audio import Chunk
from edgeassist.voice.listener import Limits, Listener
from edgeassist.voice.source import Manners, VoiceSource
from tests.support.ear import LIGHT_ON, UNLOCK, ScriptedEar
from tests.unit.test_listener import QUIET, SPEECH, WAKE, FixedRecogniser, MarkedVad, MarkedWake, ms

SENTENCE = [WAKE, *ms(SPEECH, 1000), *ms(QUIET, 700)]


class Tape:
    """Frames from a queue; an exception in it is raised. Quiet once it is empty."""

    def __init__(self, *items: bytes | Chunk | Exception) -> None:
        self.items: queue.Queue[bytes | Chunk | Exception] = queue.Queue()
        self.opened = 0
        self.refusals = 0
        self.play(*items)

    def play(self, *items: bytes | Chunk | Exception) -> None:
        for item in items:
            self.items.put(item)

    def open(self) -> None:
        self.opened += 1
        if self.refusals:
            self.refusals -= 1
            raise AudioError("no such microphone")

    def read(self) -> Chunk | None:
        try:
            item = self.items.get(timeout=0.005)
        except queue.Empty:
            return Chunk(QUIET)
        if isinstance(item, Exception):
            raise item
        return item if isinstance(item, Chunk) else Chunk(item)

    def close(self) -> None:
        """Nothing is open."""


class Voice:
    def __init__(self, speak: Callable[[str], None] = lambda _text: None) -> None:
        self.said: list[str] = []
        self._speak = speak

    def say(self, text: str) -> None:
        self.said.append(text)
        self._speak(text)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "_BACKOFF_S", (0.01, 0.05))


class Rig:
    def __init__(self, tape: Tape, recogniser: FixedRecogniser | None = None, voice: Voice | None = None) -> None:
        self.ear, self.tape, self.voice = ScriptedEar(), tape, voice or Voice()
        self.recogniser = recogniser or FixedRecogniser("turn on the hall light")
        listener = Listener(MarkedVad(), MarkedWake(), self.recogniser, Limits())
        self.source = VoiceSource(tape, listener, self.recogniser, self.voice, self.ear, Manners("Hall"))
        self.source.home_changed(Home())

    def __enter__(self) -> Self:
        self.source.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.source.stop()

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, self.source.health()
            threading.Event().wait(0.005)

    def count(self, name: str) -> object:
        return self.source.health().get(name, 0)


def test_what_is_said_reaches_the_desk_with_the_room_and_the_answer_is_spoken() -> None:
    with Rig(Tape(*SENTENCE)) as rig:
        rig.until(lambda: rig.voice.said == ["Done."])
    (utterance,) = rig.ear.heard
    assert (utterance.text, utterance.room, utterance.source) == ("turn on the hall light", "Hall", "voice")
    assert utterance.spoken_at is not None
    stages = dict(utterance.timing_ms)
    assert stages.pop("recognise") >= 0
    assert stages == {"wake": 0, "speech": 1000, "silence": 700}


def test_microphone_unplugged_mid_utterance_discards_it_and_the_next_one_is_heard() -> None:
    tape = Tape(WAKE, *ms(SPEECH, 800), AudioError("unplugged"), *ms(QUIET, 2000))
    with Rig(tape) as rig:
        rig.until(lambda: tape.opened == 2 and tape.items.empty())
        assert rig.ear.heard == []
        tape.play(*SENTENCE)
        rig.until(lambda: rig.ear.acted == [LIGHT_ON])
        assert rig.source.trouble is None
        assert rig.count("lost") == 1


def test_microphone_that_is_missing_is_tried_again_and_named_in_health() -> None:
    tape = Tape(*SENTENCE)
    tape.refusals = 10_000
    with Rig(tape) as rig:
        rig.until(lambda: tape.opened > 3)
        assert rig.source.health()["trouble"] == "no such microphone"
        tape.refusals = 0
        rig.until(lambda: rig.ear.acted == [LIGHT_ON])


def test_overflows_are_counted_and_listening_goes_on() -> None:
    with Rig(Tape(Chunk(QUIET, overflowed=True), Chunk(QUIET, overflowed=True), *SENTENCE)) as rig:
        rig.until(lambda: len(rig.ear.acted) == 1)
        assert rig.count("overflows") == 2


def test_ten_minutes_of_talk_without_the_wake_word_do_nothing() -> None:
    tape = Tape(*ms(SPEECH, 600_000))
    with Rig(tape) as rig:
        rig.until(tape.items.empty)
        assert rig.ear.heard == []
        assert rig.recogniser.answers == []


def test_sound_of_its_own_voice_is_not_heard() -> None:
    tape = Tape(*SENTENCE)
    spoken = threading.Event()

    def speak(_text: str) -> None:
        # The room hears the wake word and a command from our own loudspeaker.
        tape.play(*SENTENCE)
        spoken.wait(0.3)

    with Rig(tape, voice=Voice(speak)) as rig:
        rig.until(lambda: len(rig.voice.said) == 1 and tape.items.empty())
        rig.until(lambda: rig.count("spoken_ms") != 0)
        assert len(rig.ear.heard) == 1


def test_push_to_talk_listens_and_stop_ends_it() -> None:
    tape = Tape()
    with Rig(tape) as rig:
        rig.source.push()
        rig.until(lambda: rig.count("pushed") == 1)
        rig.source.push(on=False)
        rig.until(lambda: not rig.source._listener.listening)
        tape.play(*SENTENCE[1:])
        rig.until(tape.items.empty)
        assert rig.ear.heard == []
        rig.source.push()
        rig.until(lambda: rig.count("pushed") == 2)
        tape.play(*SENTENCE[1:])
        rig.until(lambda: len(rig.ear.heard) == 1)


@pytest.mark.parametrize(("answer", "acted"), [("yes", [UNLOCK]), ("no", []), ("turn on the hall light", [])])
def test_question_is_asked_and_a_spoken_yes_alone_confirms(answer: str, acted: list[object]) -> None:
    tape = Tape(*SENTENCE)
    with Rig(tape, FixedRecogniser("unlock the front door")) as rig:
        rig.until(lambda: len(rig.voice.said) == 1)
        assert rig.ear.acted == []
        rig.recogniser.transcript = type(rig.recogniser.transcript)(answer)
        rig.until(lambda: rig.recogniser.answers == [False, True])
        tape.play(*SENTENCE[1:])
        rig.until(lambda: rig.count("heard") == 2)
        assert rig.ear.acted == acted


def test_pushed_while_a_question_waits_what_is_said_is_a_command() -> None:
    tape = Tape(*SENTENCE)
    with Rig(tape, FixedRecogniser("unlock the front door")) as rig:
        rig.until(lambda: rig.recogniser.answers == [False, True])
        rig.recogniser.transcript = type(rig.recogniser.transcript)("turn on the hall light")
        rig.source.push()
        rig.until(lambda: rig.recogniser.answers == [False, True, False])
        tape.play(*SENTENCE[1:])
        rig.until(lambda: rig.ear.acted == [LIGHT_ON])
