"""What a model has to reach, and how several stand beside each other in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .report import Rate, Report


@dataclass(frozen=True)
class Bar:
    """A rate of a suite: at least or at most ``share``."""

    rate: str
    title: str
    share: float
    at_least: bool = False

    def met(self, rate: Rate) -> bool:
        return rate.share >= self.share if self.at_least else rate.share <= self.share

    @property
    def wanted(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {100 * self.share:g} %"


_OWN = (
    Bar("exact effect", "exact effect", 0.95, at_least=True),
    Bar("wrong device", "wrong device", 0.01),
    Bar("acted on question", "acted on a question", 0.01),
    Bar("acted on off-topic", "acted on off-topic talk or an unknown device", 0.01),
    Bar("lock/open inversions", "lock/open inversions", 0.0),
)
_BARS: Mapping[str, Sequence[Bar]] = {
    "home assistant": (
        Bar("exact effect of commands", "exact effect, functions of the contract", 0.95, at_least=True),
        Bar("acted on off-topic", "acted on what the contract has no function for", 0.01),
    ),
    "slurp": (
        Bar("exact effect of commands", "home utterances understood", 0.85, at_least=True),
        Bar("acted on off-topic", "acted on a non-home utterance", 0.01),
    ),
}


def rows(reports: Mapping[str, Sequence[Report]]) -> list[tuple[str, ...]]:
    """One row for each suite and bar: suite, what, wanted, and for each model its share, interval and numbers."""
    found = []
    suites = next(iter(reports.values()))
    for number, suite in enumerate(suites):
        for bar in _BARS.get(suite.suite, _OWN):
            cells = [_cell(bar, held[number].rates()[bar.rate]) for held in reports.values()]
            found.append((suite.suite, bar.title, bar.wanted, *cells))
    for title, of in (("median", "median"), ("95th percentile", "p95")):
        for number, suite in enumerate(suites):
            times = [f"{held[number].latency().get(of, 0.0):.0f} ms" for held in reports.values()]
            found.append((suite.suite, f"time per utterance, {title}", "", *times))
    return found


def markdown(columns: Sequence[str], table: Sequence[Sequence[str]]) -> str:
    """The table as a README has it."""
    lines = [columns, ["---"] * len(columns), *table]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(bar: Bar, rate: Rate) -> str:
    low, high = rate.interval
    text = f"{100 * rate.share:.1f} % ({100 * low:.1f}-{100 * high:.1f}), {rate.hits}/{rate.total}"
    return text if bar.met(rate) else f"{text} *"
