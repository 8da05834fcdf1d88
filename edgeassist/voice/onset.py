"""Where the sound of an utterance begins, when it tells the voice, and how much of it a sentence accounts for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .engines import FRAME_MS

#: A mean over less than this is that of a vowel, not of a voice.
_ENOUGH_MS = 800
#: Kept from before the sound: the first consonant is quiet.
_BEFORE_MS = 200
#: What counts as sound: this share of the loudest frame so far, and so many times the quietest: no room is silent.
_LOUD, _ABOVE = 0.2, 3.0
#: A click is no measure of how loud a voice is.
_PEAK = 0.98


class Onset:
    """Holds frames back until enough sound is among them; silence before that is dropped."""

    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._levels: list[float] = []

    def take(self, frame: bytes) -> bytes | None:
        """All from just before the sound on, once there is enough of it."""
        self._frames.append(frame)
        self._levels.append(float(np.abs(np.frombuffer(frame, np.int16).astype(np.float32)).mean()))
        least = max(_LOUD * max(self._levels), _ABOVE * min(self._levels))
        loud = sum(level > least for level in self._levels)
        return self.all() if loud * FRAME_MS >= _ENOUGH_MS else None

    def all(self) -> bytes:
        """What is there of it, however little."""
        peak = max(self._levels, default=0.0)
        if not peak:
            return b""
        first = next(at for at, level in enumerate(self._levels) if level > _LOUD * peak)
        return b"".join(self._frames[max(0, first - _BEFORE_MS // FRAME_MS) :])


def share_in(sound: bytes, spans: Iterable[tuple[int, int]], samples: int) -> float:
    """Share of the loud parts of a sound that lie in spans of frames of so many samples, the last one included."""
    whole = len(sound) // 2 // samples
    if not whole:
        return 0.0
    wave = np.frombuffer(sound, np.int16, whole * samples).astype(np.float32)
    levels = np.abs(wave).reshape(whole, samples).mean(axis=1)
    loud = levels > max(_LOUD * float(np.quantile(levels, _PEAK)), _ABOVE * float(levels.min()))
    inside = np.zeros(whole, bool)
    for first, last in spans:
        inside[first : last + 1] = True
    return float((loud & inside).sum() / max(1, loud.sum()))
