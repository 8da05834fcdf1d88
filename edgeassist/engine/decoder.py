"""The constrained decode loop.

Three things keep it short: forced tokens are never sampled, a guess of the whole line (the draft) is verified in the
batch that reads the utterance, and the line ends as soon as the grammar admits nothing else.
"""

from __future__ import annotations

import heapq
import math
import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from edgeassist.errors import DeadlineExceeded, ModelError

from .constraint import Constraint


class Chances(Protocol):
    """The probability of each token, by its number."""

    def __getitem__(self, token: int, /) -> float: ...


class Model(Protocol):
    """What the loop needs of a model (see :class:`edgeassist.engine.llama.LlamaModel`)."""

    vocab_size: int
    eos: int

    def decode(
        self, tokens: Sequence[int], position: int, sequence: int, *, logits_at: Collection[int] | None = None
    ) -> None: ...
    def probabilities(self, index: int) -> Chances: ...
    def forget(self, sequence: int, position: int = 0) -> None: ...


#: Other choices that are remembered at each decision, how many of them are tried, and the passes after which no other
#: is, for a model that rambles: none that is less likely than the best line by this, a logarithm.
_BRANCHES = 3
_TRIES = 6
_PASSES = 32
_FAR = 3.0
_LEAST = 1e-30
#: The one decision of a batch without a draft, right behind it.
_NEXT = (0,)
#: Eight commands in one sentence take fewer; a model that rambles would fill the context.
MAX_LINE_TOKENS = 128


@dataclass(frozen=True, slots=True)
class Decision:
    """One free decision: what was chosen, its probability among all tokens and among the admitted ones.

    ``at`` is the place of its token in the line.
    """

    token: int
    probability: float
    admitted: float
    at: int = 0


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another complete line that was tried, and its probability."""

    tokens: tuple[int, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """A complete line and what it took: ``steps`` are forward passes, ``evaluated`` the tokens they read."""

    tokens: tuple[int, ...]
    decisions: tuple[Decision, ...]
    steps: int
    evaluated: int
    drafted: int
    accepted: int
    #: False where the line was cut because it did not end.
    complete: bool = True
    #: The negated logarithm of the probability of the line.
    cost: float = 0.0
    #: What a line that was doubted was compared with.
    others: tuple[Alternative, ...] = ()

    @property
    def probability(self) -> float:
        """Joint probability of the free decisions."""
        return math.exp(-self.cost)

    def after(self, *others: Decoded) -> Decoded:
        """The same with the effort of other lines, which were decoded to come to this one."""
        every = (self, *others)
        return replace(
            self,
            steps=sum(each.steps for each in every),
            evaluated=sum(each.evaluated for each in every),
            drafted=sum(each.drafted for each in every),
            accepted=sum(each.accepted for each in every),
        )

    def weakest(self, ends: Collection[int]) -> float:
        """The least joint probability of the decisions of one part of the line; ``ends`` are tokens that end a part.

        Whoever says three things is no less sure of each of them. What the grammar rules out was not said, so that the
        model is as sure as it is among the rest; but at the first decision, where it may find that nothing is meant,
        all of its doubt counts.
        """
        parts = [0.0]
        chosen = {decision.at: decision.admitted for decision in self.decisions}
        chosen |= {decision.at: decision.probability for decision in self.decisions[:1]}
        for place, token in enumerate(self.tokens):
            if place in chosen:
                parts[-1] -= math.log(max(chosen[place], _LEAST))
            if token in ends:
                parts.append(0.0)
        return math.exp(-max(parts))


@dataclass(frozen=True, slots=True, order=True)
class _Branch:
    """Where another line begins, and the logarithm of the probability of its beginning, negated to be sorted by."""

    cost: float
    tokens: tuple[int, ...]
    decisions: tuple[Decision, ...] = field(compare=False)


class _Line:
    """The line so far, its grammar state, and the choice at each free decision."""

    def __init__(self, model: Model, matcher: Constraint, odds: Mapping[int, float] | None = None) -> None:
        self._model = model
        self._matcher = matcher
        self._odds = odds or {}
        self.tokens: list[int] = []
        self.decisions: list[Decision] = []
        #: What else could have been chosen, most probable first at each decision.
        self.branches: list[_Branch] = []
        self.cost = 0.0

    @property
    def complete(self) -> bool:
        return bool(self._matcher.is_stopped())

    @property
    def endless(self) -> bool:
        return len(self.tokens) > MAX_LINE_TOKENS

    def begin(self, branch: _Branch) -> None:
        """Take another line's beginning, choice by choice: what is forced in between may open another grammar."""
        while len(self.tokens) < len(branch.tokens):
            if not self.force():
                self._take([branch.tokens[len(self.tokens)]])
        self.cost = branch.cost
        self.decisions = [*branch.decisions]

    def force(self) -> list[int]:
        """Tokens that the grammar leaves no choice about, taken."""
        forced: list[int] = self._matcher.compute_ff_tokens()
        self._take(forced)
        return forced

    def choose(self, index: int) -> int:
        """The best admitted token after the batch's token ``index``, taken."""
        chances = self._model.probabilities(index)
        admitted = _set_bits(self._matcher.compute_bitmask())
        if not admitted:
            raise ModelError(f"the grammar came to a dead end: {self._matcher.get_error()}")
        weights = {token: chances[token] for token in admitted}
        for token, factor in self._odds.items() if not self.decisions else ():
            if token in weights:
                weights[token] *= factor
        total = max(sum(weights.values()), _LEAST)
        if math.isnan(total):
            raise ModelError("the model's numbers are no numbers; is its file damaged?")
        best, *others = (
            Decision(token, min(max(weights[token], _LEAST), 1.0), weights[token] / total, len(self.tokens))
            for token in heapq.nlargest(1 + _BRANCHES, weights, key=weights.__getitem__)
        )
        for other in others:
            cost = self.cost - math.log(other.probability)
            self.branches.append(_Branch(cost, (*self.tokens, other.token), (*self.decisions, other)))
        self.cost -= math.log(best.probability)
        self.decisions.append(best)
        self._take([best.token])
        return best.token

    def _take(self, tokens: Sequence[int]) -> None:
        if tokens and not self._matcher.consume_tokens(list(tokens)):
            raise ModelError(f"the grammar refused its own tokens: {self._matcher.get_error()}")
        self.tokens.extend(tokens)


@dataclass
class _Effort:
    """What decoding took so far."""

    steps: int = 0
    evaluated: int = 0
    drafted: int = 0
    accepted: int = 0


def decode_line(
    model: Model,
    constraint: Constraint,
    suffix: Sequence[int],
    *,
    position: int,
    sequence: int,
    deadline: float,
    draft: Sequence[int] = (),
    doubt: float = 0.0,
    odds: Mapping[int, float] | None = None,
) -> Decoded:
    """Read the suffix at ``position`` of a sequence that holds the prefix, and decode one line behind it.

    ``draft`` is a guess of the line; the batch gets it as far as the grammar admits it and something is decided behind
    it. Each decision takes the best token. Where a grammar forbids what the model was about to say, that can end in a
    line that the model finds absurd; so a line less probable than ``doubt`` is compared with what other choices lead
    to, and the most probable line wins; those that came near are its ``others``. ``odds`` are factors on the
    probability of tokens at the first decision, for what is known besides the model. ``deadline`` is an instant of
    :func:`time.monotonic`, looked at between forward passes. What was read is forgotten again, so the prefix is ready
    for the next utterance.

    Raises DeadlineExceeded (nothing of a cut line is returned) and ModelError.
    """
    spare = constraint.copy() if doubt > 0 else None
    reader = _Reader(model, sequence, deadline)
    line = _Line(model, constraint, odds)
    others: list[_Line] = []
    try:
        forced = line.force()
        draft = draft[len(forced) :] if list(draft[: len(forced)]) == forced else ()
        free = constraint.copy().free(draft) if draft else _NEXT
        reader.read(line, [*suffix, *forced], position, draft[: free[-1]], free)
        if spare is not None and line.cost > -math.log(doubt):
            others = _others(line, spare, reader, model, position + len(suffix))
    finally:
        model.forget(sequence, position)
    line, *others = sorted([line, *others], key=lambda each: (not each.complete, each.cost))
    effort = reader.effort
    counts = (effort.steps, effort.evaluated, effort.drafted, effort.accepted)
    return Decoded(
        tuple(line.tokens),
        tuple(line.decisions),
        *counts,
        complete=line.complete,
        cost=line.cost,
        others=tuple(Alternative(tuple(other.tokens), math.exp(-other.cost)) for other in others if other.complete),
    )


def _others(line: _Line, constraint: Constraint, reader: _Reader, model: Model, position: int) -> list[_Line]:
    """The complete lines that its other choices lead to, the most promising first, as far as a few tries tell."""
    heap = line.branches
    heapq.heapify(heap)
    found: list[_Line] = []
    enough = reader.effort.steps + _PASSES
    for _ in range(_TRIES):
        most = min([each.cost for each in (line, *found) if each.complete], default=math.inf) + _FAR
        if not heap or heap[0].cost >= most or reader.effort.steps >= enough:
            break
        other = _Line(model, constraint.copy())
        other.begin(heapq.heappop(heap))
        other.force()
        model.forget(reader.sequence, position)
        try:
            if not other.complete:
                reader.read(other, list(other.tokens), position, most=most)
        except DeadlineExceeded:
            break
        for branch in other.branches:
            heapq.heappush(heap, branch)
        if other.complete:
            found.append(other)
    return found


class _Reader:
    """Runs the model over lines of one utterance, one after the other."""

    def __init__(self, model: Model, sequence: int, deadline: float) -> None:
        self._model = model
        self._deadline = deadline
        self.sequence = sequence
        self.effort = _Effort()

    @property
    def late(self) -> bool:
        return time.monotonic() > self._deadline

    def read(
        self,
        line: _Line,
        batch: list[int],
        position: int,
        draft: Sequence[int] = (),
        free: Sequence[int] = _NEXT,
        most: float = math.inf,
    ) -> None:
        """Read ``batch`` at ``position`` and go on until the line ends, or costs more than ``most``.

        ``free`` are the places in the draft, counted from its beginning, that are decided.
        """
        effort = self.effort
        effort.drafted += len(draft)
        while True:
            if self.late:
                raise DeadlineExceeded(f"no answer by the deadline; {len(line.tokens)} tokens were decoded")
            index = len(batch) - 1
            self._model.decode([*batch, *draft], position, self.sequence, logits_at=[index + at for at in free])
            effort.steps, effort.evaluated = effort.steps + 1, effort.evaluated + len(batch) + len(draft)
            agreed, batch = _walk(line, index, draft)
            effort.accepted += agreed
            if line.complete or line.endless or line.cost >= most:
                return
            position += index + agreed + 1
            if draft:
                self._model.forget(self.sequence, position)
                draft, free = (), _NEXT


def _walk(line: _Line, index: int, draft: Sequence[int]) -> tuple[int, list[int]]:
    """Decide behind the batch's token ``index``, and on as long as the decisions agree with the draft.

    Gives how many tokens of the draft agreed, and the decided tokens that the batch did not hold.
    """
    agreed = 0
    while True:
        decided = [line.choose(index + agreed)]
        if not line.complete:
            decided += line.force()
        if line.complete or list(draft[agreed : agreed + len(decided)]) != decided:
            return agreed, decided
        agreed += len(decided)


_SET = re.compile(rb"[^\0]")
_BITS = [[bit for bit in range(8) if octet >> bit & 1] for octet in range(256)]


def _set_bits(mask: bytes) -> list[int]:
    """The numbers of the bits that are set, of which there are few."""
    octets = map(re.Match.start, _SET.finditer(mask))
    return [8 * at + bit for at in octets for bit in _BITS[mask[at]]]
