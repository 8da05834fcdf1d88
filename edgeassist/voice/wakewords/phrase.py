"""A wake word of any words: every utterance is recognised, and dropped unless it begins with the phrase.

Costs a recogniser that runs whenever somebody speaks. The listener does the work; this engine only names the phrase.
"""

from __future__ import annotations

from edgeassist.text import normalise
from edgeassist.voice.engines import EngineOptions


class SpokenPhrase:
    """The listener sees it and takes each stretch of speech for an utterance."""

    def __init__(self, phrase: str) -> None:
        self.words = normalise(phrase)

    def heard(self, _frame: bytes) -> bool:
        return False

    def reset(self) -> None:
        """Nothing is kept."""

    def strip(self, text: str) -> str | None:
        """What follows the phrase; None where the text does not begin with it."""
        head, rest = text[: len(self.words)], text[len(self.words) :]
        return rest.strip() if head == self.words and (not rest or rest[0] == " ") else None


def create(options: EngineOptions) -> SpokenPhrase:
    return SpokenPhrase(options.phrase)
