"""How sure a model is of what an utterance does, however many ways there are to say it in a line.

"Lights here" and "ceiling light" may be the same lamp; a model that hesitates between the two has no doubt about the
lamp. What a grammar forbids, the model may have been about to say; that is less of a doubt between what is left.
"""

from __future__ import annotations

import math
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
    """How sure a model is of what its line does, 0 to 1, and not less than ``least``, the probability of that line.

    It is the geometric mean of how probable what is done is at all, and among all that was tried: a model that finds
    every line absurd is sure of none. In ``lines`` each line stands first, its alternatives behind it; of several lines
    the one that is least sure counts.
    """
    return max(least, min((_agreement(alternatives, context) for alternatives in lines), default=0.0))


def _agreement(alternatives: Sequence[Alternative], context: Context) -> float:
    first, *others = ((_effects(each.readings, context), each.probability) for each in alternatives)
    same = first[1] + sum(probability for effects, probability in others if effects == first[0])
    total = sum(each.probability for each in alternatives)
    return min(same / math.sqrt(total), 1.0) if total else 0.0


def _effects(readings: tuple[Reading, ...], context: Context) -> Hashable:
    """What they do to each device, one after the other, or the question that they raise."""
    try:
        calls = resolve(readings, context)
    except Ambiguous as question:
        return str(question)
    done: dict[str, list[str]] = defaultdict(list)
    for call in calls:
        for target in call.targets or ("",):
            done[target].append(f"{call.name} {sorted(values(call).items())}")
    return frozenset((target, *each) for target, each in done.items())
