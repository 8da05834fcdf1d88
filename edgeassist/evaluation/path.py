"""The real path as something to evaluate: real model, grammar, resolution and thresholds; no device is commanded."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from edgeassist.functions import Function
from edgeassist.home import Home
from edgeassist.language.agreement import confidence, values
from edgeassist.language.resolve import Ambiguous, Context, resolve
from edgeassist.messages import Call
from edgeassist.policy import Occasion, PolicyOptions
from edgeassist.understanding import Understanding
from edgeassist.verdicts import decide_calls, is_risky, is_unsure

from .report import Answer
from .suite import Step

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
            context = Context(understood.lexicon, area, words, spared=understood.spared)
            calls = resolve(understood.readings, context)
        except Ambiguous:
            return answer.of("ask")
        answer = replace(answer, confidence=confidence(understood.confidence, understood.lines, context))
        if not calls:
            return answer.of("ask") if understood.question else answer
        occasion = Occasion("evaluation", area.name if area else None, _NOON)
        decision = decide_calls(calls, self.functions, home, occasion, self.policy.rules)
        steps = tuple(map(as_step, calls))
        answer = replace(answer, risky=is_risky(calls, decision, self.functions, home))
        if is_unsure(answer.confidence, calls, self.functions, self.policy, risky=answer.risky):
            return answer.of("ask", unsure=steps)
        return answer.of(steps)


def as_step(call: Call) -> Step:
    return Step(call.name, call.targets, values(call))
