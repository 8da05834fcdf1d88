"""The voice part as the configuration wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgeassist.config import VoiceConfig
from edgeassist.home import Home
from edgeassist.neighbours import Ear
from edgeassist.text import normalise

from .audio import AudioSource
from .engines import EngineOptions, create
from .listener import Happening, Heard, Limits, Listener
from .phrases import Phrases
from .source import Manners, VoiceSource


def build(
    config: VoiceConfig,
    ear: Ear,
    audio: AudioSource | None = None,
    *,
    room: str | None = None,
    transcript: Callable[[Heard], None] = lambda _heard: None,
) -> VoiceSource:
    """Engines are loaded here. Raises ConfigError and AudioError."""
    options = EngineOptions(config.recogniser_model, config.wake_phrase)
    recogniser = create("recogniser", config.recogniser, options)
    wake = create("wake", config.wake, options)
    limits = Limits(config.start_ms, config.silence_ms, config.max_ms, config.min_confidence)
    listener = Listener(create("vad", config.vad, options), wake, recogniser, limits)
    speaker = create("speaker", config.speaker, EngineOptions(config.speaker_model, voice=config.speaker_voice))
    if audio is None:
        from .microphone import Microphone

        audio = Microphone(config.device)
    spoken = normalise(config.wake_phrase) if config.wake == "phrase" else ""
    return VoiceSource(
        audio, listener, recogniser, speaker, ear, Manners(room, spoken, config.earcons), transcript=transcript
    )


def listening(config: VoiceConfig, home: Home, audio: AudioSource, *, push: bool = False) -> Iterator[Happening]:
    """What is heard in a home until the source ends, and nothing else: no daemon, no answers."""
    options = EngineOptions(config.recogniser_model, config.wake_phrase)
    recogniser = create("recogniser", config.recogniser, options)
    recogniser.know(Phrases.of(home, normalise(config.wake_phrase) if config.wake == "phrase" else ""))
    limits = Limits(config.start_ms, config.silence_ms, config.max_ms, config.min_confidence)
    listener = Listener(create("vad", config.vad, options), create("wake", config.wake, options), recogniser, limits)
    audio.open()
    try:
        while (chunk := audio.read()) is not None:
            if push and not listener.listening:
                listener.listen()
            if (happening := listener.feed(chunk.frame)) is not None:
                yield happening
    finally:
        audio.close()
