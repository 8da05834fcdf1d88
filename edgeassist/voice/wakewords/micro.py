"""microWakeWord's small models, four of which come with its package."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from edgeassist.errors import ConfigError
from edgeassist.text import normalise
from edgeassist.voice.engines import EngineOptions, Wake


class _Micro:
    def __init__(self, phrase: str) -> None:
        package: Any = import_module("pymicro_wakeword")
        known = {model.value.replace("_", " "): model for model in package.Model}
        if normalise(phrase) not in known:
            raise ConfigError(
                f"voice.wake_phrase = {phrase!r}: microWakeWord knows {', '.join(sorted(known))}; "
                'with wake = "phrase" any words of the recogniser do'
            )
        self._package = package
        self._model = known[normalise(phrase)]
        self._word, self._features = self._fresh()

    def heard(self, frame: bytes) -> bool:
        # Every feature must reach the model, even behind the one that woke it.
        found = [bool(self._word.process_streaming(feature)) for feature in self._features.process_streaming(frame)]
        return any(found)

    def reset(self) -> None:
        self._word.close()
        self._word, self._features = self._fresh()

    def _fresh(self) -> tuple[Any, Any]:
        return self._package.MicroWakeWord.from_builtin(self._model), self._package.MicroWakeWordFeatures()


def create(options: EngineOptions) -> Wake:
    return _Micro(options.phrase)
