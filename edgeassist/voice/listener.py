"""Frames in, utterances out: a state machine without threads and devices, so that a file runs the very same path.

waiting --wake word or `listen`--> listening --speech, then silence--> heard, or rejected with the reason.
Time is counted in frames, never by a clock: a slow machine does not cut a sentence short.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from .engines import FRAME_MS, Recogniser, Vad, Wake
from .wakewords.phrase import SpokenPhrase

#: What is said right behind the wake word has begun before the wake word was recognised.
_BEFORE_MS = 300
#: Less speech than this is a cough.
_MIN_SPEECH_MS = 200


class Rejection(StrEnum):
    """Why what was heard did not become an utterance."""

    NOTHING_SAID = "nothing said"
    TOO_LONG = "too long"
    NO_WORDS = "no words of this home"
    UNSURE = "low confidence"
    NO_PHRASE = "no wake phrase"


@dataclass(frozen=True, slots=True)
class Limits:
    """Durations in milliseconds; ``min_confidence`` between 0 and 1."""

    start_ms: int = 4000
    silence_ms: int = 700
    max_ms: int = 10_000
    min_confidence: float = 0.5


@dataclass(frozen=True, slots=True)
class Woken:
    """Somebody begins to talk to us."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance. ``ended`` is the monotonic instant at which the end of speech was noticed."""

    text: str
    confidence: float
    ended: float
    timing_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    reason: Rejection
    text: str = ""
    confidence: float = 0.0


Happening = Woken | Heard | Rejected


class Listener:
    """Give it every frame; it gives back what happened in it, if anything."""

    def __init__(self, vad: Vad, wake: Wake | SpokenPhrase, recogniser: Recogniser, limits: Limits) -> None:
        self._vad = vad
        self._wake = wake
        self._recogniser = recogniser
        self._limits = limits
        self._before: deque[bytes] = deque(maxlen=_BEFORE_MS // FRAME_MS)
        self._phrase = wake if isinstance(wake, SpokenPhrase) else None
        self._listening = False
        self._pushed = False
        self._answer = False
        self._frames = self._speech = self._silence = self._first = 0

    @property
    def listening(self) -> bool:
        return self._listening

    def listen(self, *, answer: bool = False) -> None:
        """Listen without a wake word: somebody pushed a button, or was asked a question."""
        self._begin(pushed=True, answer=answer)

    def cancel(self) -> None:
        """Forget what was heard so far and wait for the wake word."""
        self._listening = False
        self._wake.reset()
        self._vad.reset()
        self._before.clear()

    def feed(self, frame: bytes) -> Happening | None:
        """One frame of FRAME_BYTES."""
        return self._take(frame) if self._listening else self._await(frame)

    def _await(self, frame: bytes) -> Happening | None:
        self._before.append(frame)
        if self._phrase is not None:
            if self._vad.is_speech(frame):
                self._begin(pushed=False)
                self._speech = 1
            return None
        if not self._wake.heard(frame):
            return None
        # What came before is the wake word itself.
        self._before.clear()
        self._begin(pushed=False)
        return Woken()

    def _begin(self, *, pushed: bool, answer: bool = False) -> None:
        self._listening, self._pushed, self._answer = True, pushed, answer
        self._frames = self._speech = self._silence = self._first = 0
        self._vad.reset()
        self._recogniser.start(answer=answer)
        for frame in self._before:
            self._recogniser.accept(frame)
        self._before.clear()

    def _take(self, frame: bytes) -> Happening | None:
        self._frames += 1
        self._recogniser.accept(frame)
        if self._vad.is_speech(frame):
            self._first = self._first or self._frames
            self._speech += 1
            self._silence = 0
        else:
            self._silence += 1
        if self._speech * FRAME_MS < _MIN_SPEECH_MS:
            return self._drop(Rejection.NOTHING_SAID) if self._silence * FRAME_MS >= self._limits.start_ms else None
        if self._silence * FRAME_MS >= self._limits.silence_ms:
            return self._conclude()
        return self._drop(Rejection.TOO_LONG) if self._frames * FRAME_MS >= self._limits.max_ms else None

    def _conclude(self) -> Happening:
        ended = time.monotonic()
        found = self._recogniser.finish()
        text, timing = found.text, self._timing(ended)
        if not text:
            return self._drop(Rejection.NO_WORDS)
        if found.confidence < self._limits.min_confidence:
            return self._drop(Rejection.UNSURE, text, found.confidence)
        if self._phrase is not None and not self._pushed:
            rest = self._phrase.strip(text)
            if not rest:
                return self._drop(Rejection.NO_PHRASE)
            text = rest
        self.cancel()
        return Heard(text, found.confidence, ended, timing)

    def _timing(self, ended: float) -> dict[str, float]:
        """Stages of the audio: from the wake word to the first sound, to the last, the silence behind, recognition."""
        before = max(0, self._first - 1)
        return {
            "wake": float(before * FRAME_MS),
            "speech": float((self._frames - self._silence - before) * FRAME_MS),
            "silence": float(self._silence * FRAME_MS),
            "recognise": 1000 * (time.monotonic() - ended),
        }

    def _drop(self, reason: Rejection, text: str = "", confidence: float = 0.0) -> Rejected:
        self.cancel()
        return Rejected(reason, text, confidence)
