"""Compiled grammars, kept: compiling one takes longer than all else around a decode.

The words of an utterance are needed by few verbs only (what a timer is called, what goes on a list). A grammar may
leave those open with a mark behind the verb; the grammar with the words is compiled where a line comes to such a mark.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

import llguidance

#: A home has one grammar for each set of verbs that the words of an utterance leave.
_KEPT = 16
#: The names of a large home are long alternations; an error need not repeat them, nor a log what was said.
_LIMITS = llguidance.LLParserLimits(
    initial_lexer_fuel=20_000_000, step_lexer_fuel=20_000_000, step_max_items=500_000, verbose_errors=False
)


class Compiler:
    """Compiles grammars for one tokenizer and keeps the last few. ``mark`` is what stands for what is left open."""

    def __init__(self, tokenizer: llguidance.LLTokenizer, mark: str) -> None:
        self._tokenizer = tokenizer
        self._held: OrderedDict[Hashable, llguidance.LLMatcher] = OrderedDict()
        #: Grammars compiled so far.
        self.compiled = 0
        self._mark: int = self._compile(f"start: {json.dumps(mark)}").compute_ff_tokens()[0]

    def open(self, key: Hashable, lark: Callable[[], str], words: Callable[[], str]) -> Constraint:
        """A fresh constraint by ``lark``, compiled once for each key; ``words`` is for what that leaves open."""
        matcher = self._held.get(key)
        if matcher is None:
            matcher = self._held[key] = self._compile(lark())
            if len(self._held) > _KEPT:
                self._held.popitem(last=False)
        self._held.move_to_end(key)
        return Constraint(matcher.deep_copy(), self._mark, lambda: self._compile(words()))

    def _compile(self, lark: str) -> llguidance.LLMatcher:
        self.compiled += 1
        source = llguidance.LLMatcher.grammar_from_lark(lark)
        return llguidance.LLMatcher(self._tokenizer, source, log_level=0, limits=_LIMITS)


class Constraint:
    """A matcher that goes over to the grammar with the utterance's words where its own ends with a mark."""

    def __init__(self, matcher: llguidance.LLMatcher, mark: int, words: Callable[[], llguidance.LLMatcher]) -> None:
        self._matcher = matcher
        self._mark = mark
        self._words = words
        self._taken: list[int] = []
        #: Tokens that the matcher has taken ahead of the caller.
        self._ahead = 0

    def copy(self) -> Constraint:
        """As this one is now. Raises ValueError ahead of its caller, where a copy would have tokens twice."""
        if self._ahead:
            raise ValueError("forced tokens were not consumed")
        made = Constraint(self._matcher.deep_copy(), self._mark, self._words)
        made._taken = [*self._taken]
        return made

    def is_stopped(self) -> bool:
        return bool(self._matcher.is_stopped())

    def compute_ff_tokens(self) -> list[int]:
        forced: list[int] = self._matcher.compute_ff_tokens()
        if self._mark not in forced:
            return forced
        known = forced[: forced.index(self._mark)]
        self._matcher = self._words()
        self._matcher.consume_tokens([*self._taken, *known])
        self._ahead = len(known)
        return [*known, *self._matcher.compute_ff_tokens()]

    def compute_bitmask(self) -> bytes:
        mask: bytes = self._matcher.compute_bitmask()
        return mask

    def consume_tokens(self, tokens: Sequence[int]) -> bool:
        self._taken += tokens
        fresh = list(tokens[self._ahead :])
        self._ahead = 0
        return not fresh or bool(self._matcher.consume_tokens(fresh))

    def admitted(self, tokens: Sequence[int]) -> int:
        """How many of the tokens the grammar admits from here on, up to an open place."""
        return int(self._matcher.validate_tokens(list(tokens)))

    def get_error(self) -> str:
        return str(self._matcher.get_error())
