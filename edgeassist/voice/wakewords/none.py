"""No wake word: the microphone is read and ignored until ``<base>/listen`` says otherwise."""

from __future__ import annotations

from edgeassist.voice.engines import EngineOptions, Wake


class _Never:
    def heard(self, _frame: bytes) -> bool:
        return False

    def reset(self) -> None:
        """Nothing is kept."""


def create(_options: EngineOptions) -> Wake:
    return _Never()
