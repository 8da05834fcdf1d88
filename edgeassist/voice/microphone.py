"""A microphone by PortAudio.

Blocking reads: a stream with callbacks needs memory that is written and executed, which the service's sandbox forbids.
"""

from __future__ import annotations

from typing import Any

from edgeassist.errors import AudioError

from .audio import Chunk
from .engines import FRAME_BYTES, RATE


class Microphone:
    """``device`` is PortAudio's name or number; None is the system's default."""

    def __init__(self, device: str | int | None = None) -> None:
        self._device = device
        self._stream: Any = None

    def open(self) -> None:
        sounddevice = _sounddevice()
        try:
            # PortAudio lists the devices once; one that was plugged in since is found only after this.
            sounddevice._terminate()  # noqa: SLF001
            sounddevice._initialize()  # noqa: SLF001
            self._stream = sounddevice.RawInputStream(
                samplerate=RATE, blocksize=FRAME_BYTES // 2, device=self._device, channels=1, dtype="int16"
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise AudioError(f"microphone {self._device or 'default'!r}: {error}; see: arecord -l") from None

    def read(self) -> Chunk | None:
        sounddevice = _sounddevice()
        try:
            data, overflowed = self._stream.read(FRAME_BYTES // 2)
        except sounddevice.PortAudioError as error:
            raise AudioError(f"microphone {self._device or 'default'!r} has gone: {error}") from None
        return Chunk(bytes(data), bool(overflowed))

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)


def _sounddevice() -> Any:
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise AudioError(
            f"microphone: {error}; pip install 'edgeassist[voice]' and apt-get install libportaudio2"
        ) from None
    return sounddevice
