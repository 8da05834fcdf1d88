"""Where frames come from."""

from __future__ import annotations

import time
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from edgeassist.errors import AudioError

from .engines import FRAME_BYTES, FRAME_MS, RATE


@dataclass(frozen=True, slots=True)
class Chunk:
    """One frame. ``overflowed``: sound before it was lost, since nobody read in time."""

    frame: bytes
    overflowed: bool = False


class AudioSource(Protocol):
    """``open``, then ``read`` until None, then ``close``; may be opened again."""

    def open(self) -> None:
        """Raises AudioError where there is no such device, now."""

    def read(self) -> Chunk | None:
        """The next frame, waited for; None at the end. Raises AudioError when the device has gone."""

    def close(self) -> None:
        """May be called twice."""


class WavSource:
    """A file in place of a microphone, as fast as it is read, or ``paced`` as it was spoken.

    Behind its end comes ``tail_ms`` of silence, so that the last sentence ends.
    """

    def __init__(self, path: Path, *, paced: bool = False, tail_ms: int = 1500) -> None:
        self._path = path
        self._paced = paced
        self._tail_ms = tail_ms
        self._audio = b""
        self._at = 0
        self._began = 0.0

    def open(self) -> None:
        try:
            with wave.open(str(self._path)) as file:
                found = (file.getframerate(), file.getnchannels(), 8 * file.getsampwidth())
                self._audio = file.readframes(file.getnframes())
        except (OSError, EOFError, wave.Error) as error:
            raise AudioError(f"{self._path}: cannot be read: {error}") from None
        if found != (RATE, 1, 16):
            raise AudioError(
                f"{self._path}: has {found[0]} Hz, {found[1]} channels, {found[2]} bits; 16000, 1 and 16 are needed: "
                f"sox {self._path} -r 16000 -c 1 -b 16 OUT.wav"
            )
        self._audio += bytes(2 * RATE * self._tail_ms // 1000)
        self._at = 0
        self._began = time.monotonic()

    def read(self) -> Chunk | None:
        frame = self._audio[self._at : self._at + FRAME_BYTES]
        if len(frame) < FRAME_BYTES:
            return None
        self._at += FRAME_BYTES
        if self._paced:
            due = self._began + self._at / FRAME_BYTES * FRAME_MS / 1000
            time.sleep(max(0.0, due - time.monotonic()))
        return Chunk(frame)

    def close(self) -> None:
        """Nothing is open."""
