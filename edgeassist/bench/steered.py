"""A model whose choices are given, for weights that mean nothing: the work of a decode without its judgement."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Sequence
from pathlib import Path

from edgeassist.engine.llama import LlamaModel
from edgeassist.engine.options import EngineOptions
from edgeassist.engine.vocabulary import Pieces, pieces

#: Far above any probability, whatever its odds.
_PUSH = 1e6


class SteeredModel(LlamaModel):
    """Evaluates every token as ever, and then prefers the next token of the expected line."""

    def __init__(self, path: Path, options: EngineOptions, spelt: Pieces = pieces) -> None:
        super().__init__(path, options, spelt)
        self._wanted: list[int] = []
        self._utterance: list[int] = []
        self._answer = 0
        self._read: list[int] = []
        self._start = self._batch_start = 0

    def expect(self, line: str, utterance: list[int]) -> None:
        """What the next answer is to be, behind those tokens."""
        self._wanted, self._utterance, self._read = self.tokenize(line), utterance, []

    def decode(
        self, tokens: Sequence[int], position: int, sequence: int, *, logits_at: Collection[int] | None = None
    ) -> None:
        if not self._read:
            self._start, self._answer = position, _behind(self._utterance, tokens)
        self._batch_start = position - self._start
        self._read[self._batch_start :] = tokens
        super().decode(tokens, position, sequence, logits_at=logits_at)

    def probabilities(self, index: int) -> ctypes.Array[ctypes.c_float]:
        chances = super().probabilities(index)
        wanted = self._next(self._read[self._answer : self._batch_start + index + 1])
        if wanted is not None:
            chances[wanted] = _PUSH
        return chances

    def _next(self, said: list[int]) -> int | None:
        """The token that the expected line goes on with; None where it was left already."""
        text = self.text(said)
        for i in range(len(self._wanted) + 1):
            if self.text(self._wanted[:i]) == text:
                return self._wanted[i] if i < len(self._wanted) else self.eos
        return None


def _behind(part: Sequence[int], tokens: Sequence[int]) -> int:
    """The index behind the first place where ``part`` stands in ``tokens``. Raises ValueError where it does not."""
    found = (at for at in range(len(part), len(tokens) + 1) if list(tokens[at - len(part) : at]) == list(part))
    at = next(found, None)
    if at is None:
        raise ValueError(f"the utterance's {len(part)} tokens are not among the first {len(tokens)} that were read")
    return at
