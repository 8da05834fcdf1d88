"""Draft-and-verify against plain decoding, utterance by utterance, in the same model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from edgeassist.engine.decoder import Decision, Decoded
from edgeassist.errors import ModelError
from edgeassist.language.prompt import TEMPLATES
from edgeassist.models import catalogue
from edgeassist.models.store import Store
from edgeassist.rereading import Understood
from edgeassist.training.sample import generate
from edgeassist.understanding import Understanding
from tests.support.engine import SMALL
from tests.support.model import NAME
from tests.support.reading import FUNCTIONS

TUNED = "edgeassist-135m"
#: Share of the admitted probability from which a choice is no tie: batches of another size round otherwise.
SURE = 0.6
_PATIENCE_S = 120.0


@dataclass(frozen=True)
class Difference:
    """Two lines for one text, and the decisions at which they part, the plain one first."""

    text: str
    plain: str
    drafted: str
    at: tuple[Decision, Decision]

    @property
    def by_rounding(self) -> bool:
        return max(decision.admitted for decision in self.at) < SURE

    def __str__(self) -> str:
        sure = " and ".join(f"{decision.admitted:.3f}" for decision in self.at)
        return f"{self.text!r}: {self.plain!r}, drafted {self.drafted!r}, parted where sure to {sure}"


@dataclass
class Tally:
    """What was compared. ``passes`` are forward passes without and with drafts."""

    compared: int = 0
    guessed: int = 0
    whole: int = 0
    tokens: int = 0
    accepted: int = 0
    passes: tuple[int, int] = (0, 0)
    differences: list[Difference] = field(default_factory=list)

    @property
    def unexplained(self) -> list[Difference]:
        return [difference for difference in self.differences if not difference.by_rounding]

    def add(self, plain: Understood, drafted: Understood) -> None:
        ours, theirs = drafted.decoded, plain.decoded
        self.compared += 1
        self.guessed += ours.drafted > 0
        self.whole += 0 < ours.drafted == ours.accepted
        self.tokens += ours.drafted
        self.accepted += ours.accepted
        self.passes = (self.passes[0] + theirs.steps, self.passes[1] + ours.steps)
        if ours.tokens != theirs.tokens:
            self.differences.append(Difference(plain.text, plain.line, drafted.line, _parting(theirs, ours)))

    def __str__(self) -> str:
        without, with_drafts = self.passes
        rounding = len(self.differences) - len(self.unexplained)
        return (
            f"{self.compared} utterances, {self.guessed} with a guess, {self.whole} of them right to the end; "
            f"{self.accepted} of {self.tokens} guessed tokens accepted; {with_drafts} passes in place of {without}; "
            f"{self.compared - len(self.differences)} lines the same, {rounding} other by rounding, "
            f"{len(self.unexplained)} unexplained"
        )


def best_model() -> Understanding:
    """The tuned model where it is there, else its base."""
    store = Store()
    try:
        stored = store.check(TUNED)
    except ModelError:
        stored = store.check(NAME)
    entry = catalogue.find(stored.name)
    template = stored.template or (entry.template if entry else "chatml")
    assert template in TEMPLATES
    return Understanding(stored.path, SMALL, FUNCTIONS, template=template)


def compare(understanding: Understanding, seed: int, count: int, turns: int = 25) -> Iterator[Tally]:
    """Generated utterances in generated homes; gives the same tally again after each home."""
    tally = Tally()
    for sample in generate(seed, turns=turns):
        understanding.prepare(sample.home)
        while not understanding.advance():
            pass
        for turn in islice(sample.turns, count - tally.compared):
            tally.add(_understood(understanding, turn.text, draft=False), _understood(understanding, turn.text))
        yield tally
        if tally.compared >= count:
            return


def _understood(understanding: Understanding, text: str, *, draft: bool = True) -> Understood:
    understanding._options = understanding._options.model_copy(update={"draft": draft})
    return understanding.understand(text, time.monotonic() + _PATIENCE_S)


def _parting(plain: Decoded, drafted: Decoded) -> tuple[Decision, Decision]:
    pairs = zip(plain.decisions, drafted.decisions, strict=False)
    return next((left, right) for left, right in pairs if left.token != right.token)
