"""What an engine is, and how it is found: a file in the folder of its kind that has ``create``.

Audio everywhere is 16 kHz, mono, signed 16-bit little-endian, in frames of :data:`FRAME_MS`. Heavy packages are
imported by ``create`` and nowhere else, so an engine costs nothing until it is chosen.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol

from edgeassist.errors import AudioError, ConfigError

from .phrases import Phrases

RATE = 16_000
FRAME_MS = 20
FRAME_BYTES = RATE * FRAME_MS // 1000 * 2

Kind = Literal["recogniser", "vad", "wake", "speaker"]
_FOLDERS: dict[Kind, str] = {
    "recogniser": "recognisers",
    "vad": "vads",
    "wake": "wakewords",
    "speaker": "speakers",
}


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """What an engine may need; each takes what is its own."""

    model: Path | None = None
    phrase: str = "okay nabu"
    voice: str = "en"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard. ``confidence`` is between 0 and 1; an engine that knows nothing of it says 1."""

    text: str
    confidence: float = 1.0


class Recogniser(Protocol):
    """Streaming recognition of one utterance at a time."""

    def know(self, phrases: Phrases) -> None:
        """What can be said in this home; called before the first utterance, and when the home changes."""

    def start(self, *, answer: bool = False) -> None:
        """A new utterance begins, or the answer to a question; what was accepted before is forgotten."""

    def accept(self, frame: bytes) -> None:
        """One frame of it."""

    def finish(self) -> Transcript:
        """The whole of it. No words where nothing of this home was said."""


class Vad(Protocol):
    """Tells speech from the rest."""

    def is_speech(self, frame: bytes) -> bool:
        """Whether somebody speaks in this frame."""

    def reset(self) -> None:
        """Forget the frames so far."""


class Wake(Protocol):
    """Waits for the word that an utterance begins with."""

    def heard(self, frame: bytes) -> bool:
        """Whether the word ends in this frame."""

    def reset(self) -> None:
        """Forget the frames so far."""


class Speaker(Protocol):
    """Says a text on the loudspeaker of this machine."""

    def say(self, text: str) -> None:
        """Returns when it is said. Raises AudioError."""


def names(kind: Kind) -> tuple[str, ...]:
    """The engines that there are of a kind, installed or not."""
    package = import_module(f"edgeassist.voice.{_FOLDERS[kind]}")
    return tuple(sorted(found.name for found in pkgutil.iter_modules(package.__path__)))


def create(kind: Kind, name: str, options: EngineOptions) -> Any:
    """The engine of that name. Raises ConfigError for one that there is not, AudioError for one that cannot work."""
    if name not in names(kind):
        raise ConfigError(f"voice.{kind} = {name!r}: there is no such engine; take one of {', '.join(names(kind))}")
    build: Callable[[EngineOptions], Any] = import_module(f"edgeassist.voice.{_FOLDERS[kind]}.{name}").create
    try:
        return build(options)
    except ImportError as error:
        # A module that is there, and whose libraries are not, has more to say than its name.
        missing = error.name if isinstance(error, ModuleNotFoundError) else error
        raise AudioError(f"voice.{kind} = {name!r}: needs {missing}; pip install 'edgeassist[voice]'") from None
