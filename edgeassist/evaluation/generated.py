"""Sentences of the data generator, in homes that training never drew: what thresholds are chosen by.

Not a measure of how people speak: the templates are those of the training. The suites written by hand stay untouched.
"""

from __future__ import annotations

from itertools import islice
from random import Random

from edgeassist.functions import builtin_functions
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.language.syntax import read

from .path import as_step
from .suite import Case, Meaning, Suite

#: Far from the seeds of training runs, which are small.
SEED = 9_000_001
_TURNS = 30


def generate_suite(count: int, seed: int = SEED) -> Suite:
    """``count`` sentences with what their lines mean in their homes; half are said in a room, the others nowhere."""
    from edgeassist.training.sample import generate

    functions = builtin_functions()
    rng = Random(seed)  # noqa: S311 - nothing secret
    homes, cases = {}, []
    for number, sample in enumerate(islice(generate(seed, turns=_TURNS), -(-count // _TURNS))):
        name = f"generated {number}"
        homes[name] = sample.home
        lexicon = Lexicon.of(sample.home)
        for turn in sample.turns:
            area = rng.choice(sample.home.areas) if sample.home.areas and rng.random() < 0.5 else None
            readings = read(turn.line, functions, lexicon)
            meaning: Meaning = "none"
            try:
                calls = resolve(readings, Context(lexicon, area, frozenset(turn.text.split()), inferred=True))
                meaning = tuple(map(as_step, calls)) or "none"
            except Ambiguous:
                meaning = "ask"
            cases.append(Case(name, turn.text, (meaning,), (turn.kind,), area.name if area else None))
    return Suite("generated", homes, tuple(cases[:count]))
