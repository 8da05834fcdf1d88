"""Which engine settings are fastest on this board, by trying them.

One setting is varied at a time, starting from the profile, and the best value is kept for what follows. Every candidate
is a process of its own: a thread pool or a repacked buffer of the one before would be in its way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from edgeassist import heat
from edgeassist.board import BoardFacts
from edgeassist.engine.options import EngineOptions
from edgeassist.errors import EdgeAssistError

#: Decisions of a plain line.
DECISIONS = 5
#: A candidate must be better by this share to replace what the profile says: less is noise.
WORTH = 0.03


@dataclass(frozen=True)
class Timing:
    """Seconds: the prefix, an utterance, an utterance with a guess behind it, one token. RSS in bytes."""

    prefix: float
    utterance: float
    drafted: float
    token: float
    peak_rss: int

    @property
    def plain_answer(self) -> float:
        """An utterance without a guess: its tokens, and one more for each further decision."""
        return self.utterance + (DECISIONS - 1) * self.token

    @property
    def answer(self) -> float:
        """What an utterance costs; guesses are right about half of the time, and a wrong one costs its tokens."""
        return (self.drafted + self.drafted + (DECISIONS - 1) * self.token) / 2


class Timer(Protocol):
    """Measures one candidate. Raises EdgeAssistError where it does not run at all."""

    def __call__(self, options: EngineOptions) -> Timing: ...


@dataclass(frozen=True)
class Trial:
    """One line of the table. ``timing`` is None where the candidate did not run; ``note`` says why."""

    setting: str
    value: str
    candidate: EngineOptions
    timing: Timing | None
    chosen: bool = False
    note: str = ""


@dataclass(frozen=True)
class Tuned:
    """The winner and all trials, in the order in which they were made."""

    best: EngineOptions
    trials: tuple[Trial, ...]
    seconds: float


#: Told the trial that begins, trials done, and how many there will be at most.
Progress = Callable[[str, int, int], None]


def check_cool(state: heat.Heat) -> None:
    """Raises EdgeAssistError while the board is throttled: what is measured then holds for a hot board only."""
    if state.now:
        warm = f", {state.temperature_c:.0f} degrees" if state.temperature_c is not None else ""
        raise EdgeAssistError(
            f"the board is throttled ({', '.join(state.now)}{warm}); cool it or give it a better supply, then tune"
        )


def tune(
    start: EngineOptions,
    facts: BoardFacts,
    timer: Timer,
    *,
    seconds: float = 180.0,
    clock: Callable[[], float] = time.monotonic,
    throttled: Callable[[], heat.Heat] = heat.read,
    progress: Progress = lambda _what, _done, _of: None,
) -> Tuned:
    """Try settings until all are tried or the time is up; what was not tried stays as it was.

    Raises EdgeAssistError while throttled, at the beginning or between trials, and where the start itself does not run.
    """
    began = clock()
    stages = _stages(facts)
    total = 1 + sum(len(list(values(start))) for _, values in stages)
    check_cool(throttled())
    progress("profile", 0, total)
    best, best_timing = start, timer(start)
    trials = [Trial("profile", "as it is", start, best_timing)]
    longest = clock() - began
    for setting, values in stages:
        kept = best
        for value, candidate in values(kept):
            if candidate == kept:
                continue
            if clock() - began + longest > seconds:
                trials.append(Trial(setting, value, candidate, None, note="no time was left"))
                continue
            check_cool(throttled())
            progress(f"{setting} {value}", len(trials), total)
            at = clock()
            trial = _try(timer, setting, value, candidate)
            longest = max(longest, clock() - at)
            trials.append(trial)
            if trial.timing is not None and _better(setting, trial.timing, best_timing):
                best, best_timing = candidate, trial.timing
    drafts = best_timing.answer < best_timing.plain_answer
    best = best.model_copy(update={"draft": drafts})
    marked = tuple(_mark(trial, best) for trial in trials)
    return Tuned(best, marked, clock() - began)


def _try(timer: Timer, setting: str, value: str, candidate: EngineOptions) -> Trial:
    try:
        return Trial(setting, value, candidate, timer(candidate))
    except EdgeAssistError as error:
        return Trial(setting, value, candidate, None, note=str(error))


def _better(setting: str, new: Timing, old: Timing) -> bool:
    """By the cost of an answer; the batch is for prefixes. Equal in time, less memory wins."""
    cost: Callable[[Timing], float] = (lambda t: t.prefix) if setting == "batch" else (lambda t: t.answer)
    if cost(new) < cost(old) * (1 - WORTH):
        return True
    return cost(new) < cost(old) * (1 + WORTH) and new.peak_rss < 0.9 * old.peak_rss


def _mark(trial: Trial, best: EngineOptions) -> Trial:
    same = trial.candidate.model_copy(update={"draft": best.draft}) == best
    return replace(trial, chosen=same and trial.timing is not None)


_Values = Callable[[EngineOptions], Iterator[tuple[str, EngineOptions]]]


def _stages(facts: BoardFacts) -> Sequence[tuple[str, _Values]]:
    """The settings in the order in which they are tried: what matters most first, should the time run out."""

    def cores(candidate: EngineOptions) -> Iterator[tuple[str, EngineOptions]]:
        for cpus in core_sets(facts):
            pinned = cpus if len(cpus) < len(facts.cpus) else None
            changes = {"threads": len(cpus), "threads_batch": len(cpus), "cpus": pinned}
            yield f"cpu {','.join(map(str, cpus))}", candidate.model_copy(update=changes)

    def options(**values: Sequence[Any]) -> _Values:
        def each(candidate: EngineOptions) -> Iterator[tuple[str, EngineOptions]]:
            for changes in (dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)):
                yield " ".join(str(value) for value in changes.values()), candidate.model_copy(update=changes)

        return each

    def threads(name: str) -> _Values:
        def each(candidate: EngineOptions) -> Iterator[tuple[str, EngineOptions]]:
            most = len(candidate.cpus or facts.cpus)
            yield from ((str(count), candidate.model_copy(update={name: count})) for count in thread_counts(most))

        return each

    return (
        ("cores", cores),
        ("threads", threads("threads")),
        ("threads_batch", threads("threads_batch")),
        ("mmap repack", options(mmap=(False, True, True), repack=(True, True, False))),
        ("kv_type flash", options(kv_type=("f16", "q8_0/f16", "f16", "q8_0"), flash=(False, False, True, True))),
        ("batch", options(batch=(32, 64, 128, 256))),
        ("mlock", options(mlock=(False, True))),
    )


def core_sets(facts: BoardFacts) -> list[tuple[int, ...]]:
    """All cores, and on boards with two kinds of them the big ones alone."""
    return list(dict.fromkeys((facts.cpus, facts.big_cpus)))


def thread_counts(most: int) -> list[int]:
    """Numbers of threads worth trying: all, one less, half, one."""
    return sorted({count for count in (most, most - 1, most // 2, 1) if count > 0}, reverse=True)
