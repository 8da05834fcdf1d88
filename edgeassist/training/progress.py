"""What a run tells while it runs: one line, rewritten on a terminal, repeated every half minute in a log."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from .packing import EOS, Packed


@dataclass(frozen=True)
class Score:
    """Sums over answers; ``lines`` were right in every token."""

    loss: float = 0.0
    answers: int = 0
    right: int = 0
    turns: int = 0
    lines: int = 0
    tokens: int = 0

    @classmethod
    def of(cls, home: Packed, losses: Tensor, best: Tensor) -> Score:
        right = best.cpu().numpy() == home.answers
        starts = np.concatenate(([0], np.flatnonzero(home.answers == EOS)[:-1] + 1))
        lines = np.logical_and.reduceat(right, starts)
        loss = float(losses.sum())
        return cls(loss, len(right), int(right.sum()), len(lines), int(lines.sum()), len(home.tokens))

    def __add__(self, other: Score) -> Score:
        return Score(
            self.loss + other.loss,
            self.answers + other.answers,
            self.right + other.right,
            self.turns + other.turns,
            self.lines + other.lines,
            self.tokens + other.tokens,
        )

    def __str__(self) -> str:
        answers, turns = max(self.answers, 1), max(self.turns, 1)
        return (
            f"loss {self.loss / answers:.4f}  tokens {100 * self.right / answers:.2f} %  "
            f"lines {100 * self.lines / turns:.1f} % of {self.turns}"
        )


class Progress:
    """A bar, the loss since the last line, the rates and the time left. ``budget`` and ``spent`` are in seconds."""

    def __init__(self, budget: float, spent: float) -> None:
        self._budget, self._tty = budget, sys.stdout.isatty()
        self._every = 1.0 if self._tty else 30.0
        self._recent, self._since, self._shown = Score(), spent, spent

    def show(self, seconds: float, step: int, score: Score) -> None:
        self._recent += score
        if seconds - self._shown < self._every:
            return
        passed = max(seconds - self._since, 1e-9)
        done = min(1.0, seconds / self._budget)
        bar = ("#" * round(done * 20)).ljust(20, ".")
        left = max(0, round(self._budget - seconds))
        self._print(
            f"[{bar}] step {step}  {self._recent}  {self._recent.tokens / passed:.0f} tokens/s  "
            f"{60 * self._recent.turns / passed:.0f} utterances/min  {left // 60}:{left % 60:02d} left"
        )
        self._shown = seconds
        if seconds - self._since > 30:
            self._recent, self._since = Score(), seconds

    def note(self, text: str) -> None:
        print(("\n" if self._tty else "") + f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    def _print(self, text: str) -> None:
        print(f"\r\x1b[K{text}" if self._tty else text, end="" if self._tty else "\n", flush=True)
