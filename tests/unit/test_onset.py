"""Where the sound of an utterance begins."""

from __future__ import annotations

import array

from edgeassist.voice.engines import FRAME_BYTES
from edgeassist.voice.onset import Onset


def frame(level: int) -> bytes:
    return array.array("h", [level, -level] * (FRAME_BYTES // 4)).tobytes()


def test_silence_is_held_back_and_dropped_but_for_a_little() -> None:
    onset = Onset()
    assert all(onset.take(frame(3)) is None for _ in range(100))
    found = [onset.take(frame(4000)) for _ in range(40)]
    assert found[:-1] == [None] * 39
    assert found[-1] == frame(3) * 10 + frame(4000) * 40


def test_noise_of_a_room_is_no_voice_however_long() -> None:
    onset = Onset()
    assert all(onset.take(frame(400 + 5 * (number % 60))) is None for number in range(300))
    assert len(onset.all()) > 200 * FRAME_BYTES


def test_short_utterance_is_all_there_is() -> None:
    onset = Onset()
    for level in (2, 3000, 3000, 2):
        onset.take(frame(level))
    assert onset.all() == frame(2) + frame(3000) * 2 + frame(2)


def test_digital_silence_is_nothing() -> None:
    onset = Onset()
    onset.take(bytes(FRAME_BYTES))
    assert onset.all() == b""
