"""No loudspeaker: answers are on MQTT only."""

from __future__ import annotations

from edgeassist.voice.engines import EngineOptions, Speaker


class _Silent:
    def say(self, _text: str) -> None:
        """Says nothing."""


def create(_options: EngineOptions) -> Speaker:
    return _Silent()
