"""Grammars in pieces, each compiled where a line comes to it: to compile the whole takes longer than a forward pass.

What a piece is followed by is a mark; nobody outside sees the seams.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

from edgeassist.errors import ModelError

from .binding import llguidance

#: Pieces that are kept, of some fifty that a home can have: each takes 100 KiB, and a millisecond to compile.
_KEPT = 4
#: The names of a large home are long alternations; an error need not repeat them, nor a log what was said.
_LIMITS = llguidance.LLParserLimits(
    initial_lexer_fuel=20_000_000, step_lexer_fuel=20_000_000, step_max_items=500_000, verbose_errors=False
)


class Grammar(Protocol):
    """``after`` is the piece, in Lark, that goes on where a line has come to a mark; after nothing it is the first."""

    def after(self, line: str) -> str: ...


class Compiler:
    """Compiles pieces for one tokenizer and keeps the last ones. ``mark`` stands where another piece goes on."""

    def __init__(self, tokenizer: llguidance.LLTokenizer, mark: str) -> None:
        self._tokenizer = tokenizer
        self._held: OrderedDict[str, llguidance.LLMatcher] = OrderedDict()
        #: Pieces compiled so far.
        self.compiled = 0
        self.mark: int = self.matcher(f"start: {json.dumps(mark)}").compute_ff_tokens()[0]

    def text(self, tokens: Sequence[int]) -> str:
        return str(self._tokenizer.decode_str(list(tokens)))

    def matcher(self, lark: str) -> llguidance.LLMatcher:
        """A fresh matcher of a piece; the same text is compiled once.

        Raises ModelError for text that is no grammar, such as one with a JSON Schema that cannot be one.
        """
        held = self._held.get(lark)
        if held is None:
            source = llguidance.LLMatcher.grammar_from_lark(lark)
            held = llguidance.LLMatcher(self._tokenizer, source, log_level=0, limits=_LIMITS)
            if error := held.get_error():
                raise ModelError(f"what may be answered cannot be written as a grammar: {error}")
            self._held[lark] = held
            self.compiled += 1
            if len(self._held) > _KEPT:
                self._held.popitem(last=False)
        self._held.move_to_end(lark)
        return held.deep_copy()


class Constraint:
    """A matcher of one line that goes over to the next piece of its grammar where one ends with the mark."""

    def __init__(
        self,
        compiler: Compiler,
        grammar: Grammar,
        *,
        matcher: llguidance.LLMatcher | None = None,
        taken: Sequence[int] = (),
    ) -> None:
        """``matcher`` is where a line of the tokens ``taken`` has come to, else it begins."""
        self._compiler = compiler
        self._grammar = grammar
        self._matcher = matcher or compiler.matcher(grammar.after(""))
        self._taken = list(taken)
        #: Tokens in front of a seam that the matcher is past and the caller is not.
        self._ahead = 0

    def copy(self) -> Constraint:
        """As this one is now. Raises ValueError ahead of its caller, where a copy would have tokens twice."""
        if self._ahead:
            raise ValueError("forced tokens were not consumed")
        return Constraint(self._compiler, self._grammar, matcher=self._matcher.deep_copy(), taken=self._taken)

    def is_stopped(self) -> bool:
        return bool(self._matcher.is_stopped())

    def compute_ff_tokens(self) -> list[int]:
        """Tokens that must come next; they are to be consumed before anything else is asked."""
        forced: list[int] = self._matcher.compute_ff_tokens()
        known: list[int] = []
        while self._compiler.mark in forced:
            known += forced[: forced.index(self._compiler.mark)]
            self._go_on(known)
            forced = self._matcher.compute_ff_tokens()
        self._ahead = len(known)
        return known + forced

    def compute_bitmask(self) -> bytes:
        mask: bytes = self._matcher.compute_bitmask()
        return mask

    def consume_tokens(self, tokens: Sequence[int]) -> bool:
        self._taken += tokens
        fresh = list(tokens[self._ahead :])
        self._ahead = 0
        return not fresh or bool(self._matcher.consume_tokens(fresh))

    def free(self, tokens: Sequence[int]) -> list[int]:
        """The indices of the tokens that it leaves a choice about, up to the first that it does not admit.

        They are consumed so far. Behind the last token there is an index, too, where that is free.
        """
        found: list[int] = []
        at = 0
        while not self.is_stopped():
            forced = self.compute_ff_tokens()
            if list(tokens[at : at + len(forced)]) != forced:
                break
            self.consume_tokens(forced)
            at += len(forced)
            found.append(at)
            if not self._matcher.validate_tokens(list(tokens[at : at + 1])):
                break
            self.consume_tokens(tokens[at : at + 1])
            at += 1
        return found

    def _go_on(self, known: Sequence[int]) -> None:
        """Over to the next piece, behind what was taken and the tokens that are known to come."""
        self._matcher = self._compiler.matcher(self._grammar.after(self._compiler.text([*self._taken, *known])))

    def get_error(self) -> str:
        return str(self._matcher.get_error())
