"""Figures over judged cases: rates with 95 % Wilson intervals, per function and tag, confusion, calibration."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from edgeassist.functions import Function
from edgeassist.home import Home

from .compare import Verdict, effects, judge, label, same
from .slurp import BETWEEN
from .suite import Case, Meaning, Suite

_Z = 1.959964
_BINS = 10
_THRESHOLDS = tuple(n / 20 for n in range(20))


@dataclass(frozen=True)
class Answer:
    """What the path under test understood, how sure it was (0 to 1), and how long the model took.

    ``unsure`` is what it would have done, had it been sure enough; ``risky`` acts want a higher confidence.
    """

    meaning: Meaning
    confidence: float
    line: str = ""
    unsure: Meaning | None = None
    seconds: float = 0.0
    risky: bool = False

    @property
    def meant(self) -> Meaning:
        """What it understood, sure enough of it or not."""
        return self.meaning if self.unsure is None else self.unsure

    def of(self, meaning: Meaning, unsure: Meaning | None = None) -> Answer:
        return replace(self, meaning=meaning, unsure=unsure)


#: (home, room, text) -> answer
Understand = Callable[[Home, str | None, str], Answer]


@dataclass(frozen=True)
class Judged:
    """``acts``: something more than reading was done, or would have been, had the confidence been enough."""

    case: Case
    answer: Answer
    verdict: Verdict
    acts: bool

    @property
    def meant_rightly(self) -> bool:
        meant = self.answer.meant
        return any(same(self.case, right, meant) for right in self.case.right)


@dataclass(frozen=True)
class Rate:
    """``hits`` of ``total``, and where the true share lies with 95 % confidence (Wilson)."""

    hits: int
    total: int

    @property
    def share(self) -> float:
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.total:
            return 0.0, 1.0
        n, p, z2 = self.total, self.share, _Z * _Z
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{100 * self.share:5.1f} %  [{100 * low:.1f}, {100 * high:.1f}]  {self.hits}/{self.total}"

    def as_json(self) -> dict[str, Any]:
        low, high = self.interval
        return {"hits": self.hits, "total": self.total, "share": self.share, "low": low, "high": high}


@dataclass(frozen=True)
class Report:
    suite: str
    judged: Sequence[Judged]

    def rates(self) -> dict[str, Rate]:
        """The bars; each over the cases that it is about."""
        commands = [j for j in self.judged if isinstance(j.case.right[0], tuple)]
        questions = [j for j in self.judged if "question" in j.case.tags]
        between = [j for j in self.judged if BETWEEN in j.case.tags]
        silent = [j for j in self.judged if j.case.right[0] == "none" and not {"question", BETWEEN} & set(j.case.tags)]
        asks = [j for j in self.judged if j.case.right[0] == "ask"]
        return {
            "exact effect": _rate(self.judged, lambda j: j.verdict.exact),
            "exact effect of commands": _rate(commands, lambda j: j.verdict.exact),
            "wrong device": _rate(commands, lambda j: j.verdict.wrong_device),
            "acted on question": _rate(questions, lambda j: j.verdict.acted),
            "acted on off-topic": _rate(silent, lambda j: j.verdict.acted),
            "acted on what may be a home's": _rate(between, lambda j: j.verdict.acted),
            "acted where it should ask": _rate(asks, lambda j: j.verdict.acted),
            "asked where it should ask": _rate(asks, lambda j: j.verdict.refused_rightly),
            "lock/open inversions": _rate(self.judged, lambda j: j.verdict.inverted),
        }

    def by_function(self) -> dict[str, Rate]:
        """Exact effect of the cases that expect each function, or each reason for none."""
        groups: dict[str, list[Judged]] = defaultdict(list)
        for judged in self.judged:
            first = judged.case.right[0]
            for name in {first} if isinstance(first, str) else {step.function for step in first}:
                groups[name].append(judged)
        return _each(groups)

    def by_tag(self) -> dict[str, Rate]:
        groups: dict[str, list[Judged]] = defaultdict(list)
        for judged in self.judged:
            for tag in judged.case.tags:
                groups[tag].append(judged)
        return _each(groups)

    def confusion(self) -> dict[str, Counter[str]]:
        """Expected -> found -> number, of functions, not of devices."""
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for judged in self.judged:
            table[label(judged.case.right[0])][label(judged.answer.meaning)] += 1
        return dict(sorted(table.items()))

    def calibration(self) -> list[tuple[float, Rate]]:
        """Mean confidence and exact share of the answers of each tenth of the confidences."""
        bins: dict[int, list[Judged]] = defaultdict(list)
        for judged in self.judged:
            bins[min(int(judged.answer.confidence * _BINS), _BINS - 1)].append(judged)
        return [
            (sum(j.answer.confidence for j in held) / len(held), _rate(held, lambda j: j.verdict.exact))
            for _, held in sorted(bins.items())
        ]

    def reliability(self) -> dict[str, float]:
        """``error``: how far mean confidence and exact share are apart, weighted by bins; ``brier``: mean square."""
        total = len(self.judged) or 1
        return {
            "error": sum(abs(mean - rate.share) * rate.total for mean, rate in self.calibration()) / total,
            "brier": sum((j.answer.confidence - j.verdict.exact) ** 2 for j in self.judged) / total,
        }

    def latency(self) -> dict[str, float]:
        """Milliseconds that an utterance took the model."""
        times = sorted(1000 * judged.answer.seconds for judged in self.judged)
        if not times:
            return {}
        return {"median": median(times), "p95": times[min(len(times) - 1, int(0.95 * len(times)))]}

    def thresholds(self, *, risky: bool = False) -> dict[float, dict[str, Rate]]:
        """What a least confidence would bring to plain or to risky acts, whatever it was while this was measured.

        ``carried out``: right acts that stay; ``prevented``: wrong ones that become questions; ``acted wrongly``: of
        all sentences.
        """
        acts = [judged for judged in self.judged if judged.acts and judged.answer.risky == risky]
        right = [judged for judged in acts if judged.meant_rightly]
        wrong = [judged for judged in acts if not judged.meant_rightly]
        return {
            least: {
                "carried out": Rate(_sure(right, least), len(right)),
                "prevented": Rate(len(wrong) - _sure(wrong, least), len(wrong)),
                "acted wrongly": Rate(_sure(wrong, least), len(self.judged)),
            }
            for least in _THRESHOLDS
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "suite": self.suite,
            "cases": len(self.judged),
            "rates": {name: rate.as_json() for name, rate in self.rates().items()},
            "functions": {name: rate.as_json() for name, rate in self.by_function().items()},
            "tags": {name: rate.as_json() for name, rate in self.by_tag().items()},
            "confusion": {name: dict(found) for name, found in self.confusion().items()},
            "calibration": [{"confidence": mean, **rate.as_json()} for mean, rate in self.calibration()],
            "reliability": self.reliability(),
            "latency_ms": self.latency(),
            "thresholds": {
                sort: {
                    str(least): {name: rate.as_json() for name, rate in rates.items()}
                    for least, rates in self.thresholds(risky=sort == "risky").items()
                }
                for sort in ("plain", "risky")
            },
            "wrong": [_wrong(judged) for judged in self.judged if not judged.verdict.exact],
        }


def evaluate(
    suite: Suite,
    contenders: Mapping[str, Understand],
    functions: Mapping[str, Function],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> dict[str, Report]:
    """Put every case of a suite to every contender, home by home; they take turns, so that times can be compared."""
    judged: dict[str, list[Judged]] = {name: [] for name in contenders}
    cases = sorted(suite.cases, key=lambda case: case.home)
    for number, case in enumerate(cases, 1):
        turn = list(contenders.items())
        for name, understand in turn if number % 2 else reversed(turn):
            answer = understand(suite.homes[case.home], case.room, case.text)
            acts = any(not functions[effect.function].reads for effect in effects(answer.meant))
            judged[name].append(Judged(case, answer, judge(case, answer.meaning, functions), acts))
        progress(number, len(cases))
    return {name: Report(suite.name, held) for name, held in judged.items()}


def _rate(cases: Iterable[Judged], hit: Callable[[Judged], bool]) -> Rate:
    hits = [hit(judged) for judged in cases]
    return Rate(sum(hits), len(hits))


def _sure(judged: Iterable[Judged], least: float) -> int:
    return sum(each.answer.confidence >= least for each in judged)


def _each(groups: Mapping[str, Sequence[Judged]]) -> dict[str, Rate]:
    return {name: _rate(held, lambda j: j.verdict.exact) for name, held in sorted(groups.items())}


def _wrong(judged: Judged) -> dict[str, Any]:
    case, answer = judged.case, judged.answer
    return {
        "home": case.home,
        "room": case.room,
        "text": case.text,
        "tags": case.tags,
        "expected": _plain(case.right[0]),
        "found": _plain(answer.meaning),
        "line": answer.line,
        "confidence": round(answer.confidence, 4),
    }


def _plain(meaning: Meaning) -> Any:
    return meaning if isinstance(meaning, str) else [[s.function, list(s.devices), dict(s.arguments)] for s in meaning]
