"""One home and many turns as one sequence: the listing once, then the turns, which do not see each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BOS = 1
EOS = 2

Tokenise = Callable[[str], list[int]]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Packed:
    """A packed sequence of n tokens.

    ``segment`` is 0 for the listing and k for the k-th turn. ``asked`` are the indices of the tokens behind which an
    answer's token comes, ``answers`` are those tokens.
    """

    tokens: Ints
    positions: Ints
    segment: Ints
    asked: Ints
    answers: Ints

    @property
    def start(self) -> int:
        """Tokens of the listing."""
        return int(np.count_nonzero(self.segment == 0))

    def grid(self) -> Ints:
        """(turns, longest turn): the index of each turn's tokens, -1 behind its end."""
        lengths = np.bincount(self.segment)[1:]
        columns = np.arange(lengths.max(initial=0))
        first = self.start + np.cumsum(lengths) - lengths
        return np.where(columns < lengths[:, None], first[:, None] + columns, -1)

    def mask(self) -> npt.NDArray[np.bool_]:
        """(n, n): row i may look at column j: backwards, at the listing and at its own turn."""
        order = np.arange(len(self.tokens))
        same = self.segment[:, None] == self.segment[None, :]
        backwards = order[None, :] <= order[:, None]
        seen: npt.NDArray[np.bool_] = backwards & (same | (self.segment[None, :] == 0))
        return seen


def pack(listing: str, turns: Iterable[tuple[str, str]], tokenise: Tokenise) -> Packed:
    """``turns`` are (normalised utterance, compact line). The three texts are tokenised apart, as the runtime does."""
    tokens = [BOS, *tokenise(listing)]
    start = len(tokens)
    positions, segment = list(range(start)), [0] * start
    asked: list[int] = []
    answers: list[int] = []
    for number, (text, line) in enumerate(turns, 1):
        suffix, answer = tokenise(f" {text}\n"), [*tokenise(line), EOS]
        first_asked = len(tokens) + len(suffix) - 1
        # The end itself is never read, so it is an answer but no token.
        turn = [*suffix, *answer[:-1]]
        tokens += turn
        positions += range(start, start + len(turn))
        segment += [number] * len(turn)
        asked += range(first_asked, first_asked + len(answer))
        answers += answer
    return Packed(*(np.array(column, dtype=np.int64) for column in (tokens, positions, segment, asked, answers)))
