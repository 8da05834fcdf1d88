"""Speech of one connection to text, with the recogniser that the microphone has as well."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

from edgeassist.errors import IntentError
from edgeassist.home import Home
from edgeassist.voice.engines import FRAME_BYTES, RATE, Recogniser
from edgeassist.voice.phrases import Phrases

from .wire import Event

_MAX_BYTES = 30 * RATE * 2
_FORMAT = {"rate": RATE, "width": 2, "channels": 1}


class Recognition:
    """A recogniser that several connections share, one utterance at a time."""

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._lock = threading.Lock()

    def know(self, home: Home) -> None:
        with self._lock:
            self._recogniser.know(Phrases.of(home))

    def transcribe(self, audio: bytes) -> str:
        with self._lock:
            self._recogniser.start()
            for at in range(0, len(audio), FRAME_BYTES):
                self._recogniser.accept(audio[at : at + FRAME_BYTES])
            return self._recogniser.finish().text


class Hearing:
    """``recognition`` is None where speech is not served."""

    def __init__(self, recognition: Recognition | None) -> None:
        self._recognition = recognition
        self._audio = bytearray()

    async def take(self, event: Event) -> Sequence[Event]:
        """One event of audio; the transcript comes at its end. Raises IntentError."""
        if self._recognition is None:
            raise IntentError("speech is not served here: wyoming.asr is off, or there is no recogniser")
        if event.type == "audio-start":
            self._audio.clear()
        if event.type in {"audio-start", "audio-chunk"}:
            for name, wanted in _FORMAT.items():
                if event.data.get(name, wanted) != wanted:
                    raise IntentError(f"audio with {name} {event.data[name]!r}: {wanted} is taken")
        if event.type == "audio-chunk":
            if len(self._audio) + len(event.payload) > _MAX_BYTES:
                raise IntentError("more than 30 seconds of audio")
            self._audio += event.payload
        if event.type != "audio-stop":
            return []
        audio = bytes(self._audio)
        self._audio.clear()
        text = await asyncio.to_thread(self._recognition.transcribe, audio)
        return [Event("transcript", {"text": text})]
