"""What one contender did with one model in one home, and the figures that are made of it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from .contender import Answered

#: ``own``: the model answers as it likes. ``given``: every contender is led to the same right answer.
Answers = Literal["own", "given"]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Measured(_Frozen):
    """One contender. ``floors`` are the seconds of the bare engine for each utterance, where they were measured."""

    contender: str
    model: str
    answers: Answers
    devices: int
    ready_s: float
    prompt_tokens: int
    peak_rss: int
    model_bytes: int
    answered: tuple[Answered, ...]
    floors: tuple[float, ...] = ()

    @property
    def p50(self) -> float:
        return quantile([answered.seconds for answered in self.answered], 0.5)

    @property
    def p95(self) -> float:
        return quantile([answered.seconds for answered in self.answered], 0.95)

    @property
    def p50_accepted(self) -> float | None:
        """Of the utterances whose whole draft was accepted in one pass; None where there was none."""
        seconds = [a.seconds for a in self.answered if a.drafted and a.accepted == a.drafted]
        return quantile(seconds, 0.5) if seconds else None

    @property
    def floor_accepted(self) -> float | None:
        """The median floor of those utterances."""
        pairs = zip(self.answered, self.floors, strict=False)
        seconds = [floor for a, floor in pairs if a.drafted and a.accepted == a.drafted]
        return quantile(seconds, 0.5) if seconds else None

    @property
    def acceptance(self) -> float | None:
        """Accepted tokens among those drafted."""
        drafted = sum(answered.drafted for answered in self.answered)
        return sum(answered.accepted for answered in self.answered) / drafted if drafted else None

    @property
    def to_floor(self) -> float | None:
        """The median latency in units of the median floor."""
        return self.p50 / quantile(self.floors, 0.5) if self.floors else None

    def figures(self) -> dict[str, Any]:
        """One row of the report; times in milliseconds, memory in MiB."""
        return {
            "contender": self.contender,
            "model": self.model,
            "answers": self.answers,
            "devices": self.devices,
            "p50_ms": _ms(self.p50),
            "p95_ms": _ms(self.p95),
            "p50_accepted_ms": _ms(self.p50_accepted),
            "steps": _mean([a.steps for a in self.answered]),
            "evaluated": _mean([a.evaluated for a in self.answered]),
            "free": _mean([a.free for a in self.answered if a.free is not None]),
            "acceptance": self.acceptance,
            "floor_p50_ms": _ms(quantile(self.floors, 0.5)) if self.floors else None,
            "to_floor": self.to_floor,
            "prompt_tokens": self.prompt_tokens,
            "ready_ms": _ms(self.ready_s),
            "peak_rss_mib": round(self.peak_rss / (1 << 20), 1),
        }


def quantile(values: Sequence[float], share: float) -> float:
    """By linear interpolation; the value itself where there is one only."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(1000 * seconds, 2)


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 2) if values else None
