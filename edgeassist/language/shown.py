"""What a model is shown of a home: what the budget of the prefix holds, and with an utterance what that left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from edgeassist.functions import Function

from . import prompt
from .lexicon import Lexicon
from .mentioned import mentioned
from .prompt import Piece, Template

#: Tokens of areas that come with an utterance, in homes whose prefix cannot show all of them.
_MENTIONED_TOKENS = 64
#: Tokens of areas that the prefix of such a home shows all the same: the model sees what a home is. More of them make
#: every utterance slower, and none of them better understood.
_SOME_TOKENS = 150

#: The tokens of some pieces, one after the other.
Tokenise = Callable[[list[Piece]], list[int]]


class Shown:
    """One home in tokens. ``prefix`` is without the token that every text begins with, and at most ``budget`` long.

    Over the budget, names are left out, then worked examples, then most areas.
    """

    def __init__(
        self, lexicon: Lexicon, functions: Mapping[str, Function], template: Template, tokenise: Tokenise, budget: int
    ) -> None:
        self._tokenise = tokenise
        #: Areas that the prefix does not show, and how they are shown with an utterance.
        self._unshown: dict[str, list[int]] = {}
        pieces = partial(prompt.prefix, lexicon, functions, template)
        for devices, examples in ((True, True), (False, True), (False, False)):
            if not (examples or template.teaches):
                continue  # it has none
            self.prefix, excess = self._within(pieces(devices=devices, examples=examples), budget)
            if excess <= 0:
                return
        self._unshown = dict(self._past(lexicon, min(_SOME_TOKENS, budget // 2)))
        areas = {area.name for area in lexicon.home.areas} - self._unshown.keys()
        self.prefix, _ = self._within(pieces(devices=False, areas=areas, examples=False), budget)

    def beside(self, words: str, lexicon: Lexicon) -> list[int]:
        """Tokens of the areas that an utterance speaks of and the prefix does not show, as if they were its last."""
        tokens: list[int] = []
        for area in mentioned(words, lexicon) if self._unshown else ():
            line = self._unshown.get(area, [])
            if len(tokens) + len(line) > _MENTIONED_TOKENS:
                break
            tokens += line
        return tokens

    def _past(self, lexicon: Lexicon, room: int) -> Iterator[tuple[str, list[int]]]:
        """The areas past the first ones that ``room`` tokens hold."""
        for area, line in prompt.area_lines(lexicon, devices=False):
            tokens = self._tokenise([Piece(f"{line}\n")])
            room -= len(tokens)
            if room < 0:
                yield area, tokens

    def _within(self, pieces: list[Piece], budget: int) -> tuple[list[int], int]:
        """Their tokens, cut where that is possible, and how many had to go."""
        read = [self._tokenise([piece]) for piece in pieces]
        excess = sum(map(len, read)) - budget
        tokens = []
        for piece, part in zip(pieces, read, strict=True):
            tokens += part[: max(0, len(part) - excess)] if piece.elastic and excess > 0 else part
        return tokens, excess
