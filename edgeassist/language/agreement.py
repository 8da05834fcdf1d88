"""How sure a model is of what an utterance does, however many ways there are to say it in a line.

"Lights here" and "ceiling light" may be the same lamp; a model that hesitates between the two has no doubt about the
lamp. What a grammar forbids, the model may have been about to say; that is no doubt between what is left either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from edgeassist.messages import Call

from .resolve import Ambiguous, Context, resolve
from .syntax import Reading

#: Arguments that name a target.
_TARGET = frozenset({"name", "area", "floor", "kind"})


@dataclass(frozen=True)
class Alternative:
    """What a line means, and the probability of the line."""

    readings: tuple[Reading, ...]
    probability: float


def values(call: Call) -> dict[str, Any]:
    """The arguments of a call that do not name its targets."""
    # Functions that users add may have an argument of such a name, and no targets.
    named = _TARGET if call.targets else frozenset[str]()
    return {key: value for key, value in call.arguments.items() if key not in named}


def confidence(least: float, lines: Iterable[Sequence[Alternative]], context: Context) -> float:
    """How much of the probability of a line and its alternatives lies with those that do the same, 0 to 1.

    In ``lines`` each line stands first, its alternatives behind it; of several lines the one that is least sure counts.
    Not less than ``least``, the probability of that line by itself.
    """
    return max(least, min((_agreement(alternatives, context) for alternatives in lines), default=0.0))


def _agreement(alternatives: Sequence[Alternative], context: Context) -> float:
    weights: dict[Hashable, float] = defaultdict(float)
    done = [_done(each.readings, context) for each in alternatives]
    for effect, each in zip(done, alternatives, strict=True):
        weights[effect] += each.probability
    return weights[done[0]] / sum(weights.values())


def _done(readings: tuple[Reading, ...], context: Context) -> Hashable:
    """What they do to which devices, or the question that they raise."""
    try:
        calls = resolve(readings, context)
    except Ambiguous as question:
        return str(question)
    return frozenset(
        (call.name, target, repr(sorted(values(call).items()))) for call in calls for target in call.targets or ("",)
    )
