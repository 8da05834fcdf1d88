"""The real path as something to evaluate: real model, grammar, resolution and thresholds; no device is commanded."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from edgeassist.functions import Function
from edgeassist.home import Home
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.messages import Call
from edgeassist.policy import Occasion, PolicyOptions
from edgeassist.understanding import Understanding
from edgeassist.verdicts import decide_calls, is_risky, is_unsure

from .report import Answer
from .suite import Step

_TARGET = frozenset({"name", "area", "floor", "kind"})
_NOON = dt.time(12)


@dataclass
class Path:
    """Callable as an :data:`~edgeassist.evaluation.report.Understand`; what the policy finds unsure, it asks."""

    understanding: Understanding
    functions: Mapping[str, Function]
    policy: PolicyOptions
    #: Seconds for one utterance.
    patience_s: float = 60.0

    def __call__(self, home: Home, room: str | None, text: str) -> Answer:
        self.understanding.prepare(home)
        while not self.understanding.advance():
            pass
        understood = self.understanding.understand(text, time.monotonic() + self.patience_s)
        area = home.find_area(room) if room else None
        answer = Answer("none", understood.confidence, understood.line, seconds=understood.seconds)
        try:
            words = frozenset(understood.text.split())
            calls = resolve(understood.readings, Context(understood.lexicon, area, words, spared=understood.spared))
        except Ambiguous:
            return answer.of("ask")
        if not calls:
            return answer
        occasion = Occasion("evaluation", area.name if area else None, _NOON)
        decision = decide_calls(calls, self.functions, home, occasion, self.policy.rules)
        steps = tuple(map(as_step, calls))
        answer = replace(answer, risky=is_risky(calls, decision, self.functions, home))
        if is_unsure(understood.confidence, calls, self.functions, self.policy, risky=answer.risky):
            return answer.of("ask", unsure=steps)
        return answer.of(steps)


def as_step(call: Call) -> Step:
    # "name" is a target only where there are devices; functions that users add may have an argument of that name.
    named = _TARGET if call.targets else frozenset[str]()
    return Step(call.name, call.targets, {key: value for key, value in call.arguments.items() if key not in named})
