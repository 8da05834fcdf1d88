"""What the health topic says: counters, the board's condition, and every reason for being degraded."""

from __future__ import annotations

import os
import threading
from collections import Counter, deque
from pathlib import Path
from typing import TYPE_CHECKING

from edgeassist.messages import Outcome
from edgeassist.metrics import Histograms

if TYPE_CHECKING:
    from edgeassist.engine.decoder import Decoded

#: Without progress of a thread for this long the watchdog is not fed any more. Longer where the board is so slow that
#: one batch of the prompt, the longest single step, takes some deadlines.
_STUCK_S = 45.0
_STUCK_DEADLINES = 4
#: Answers that the median is taken over.
_RECENT = 100


class Counters:
    """Thread-safe counts by name, and how long the stages took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._took: deque[float] = deque(maxlen=_RECENT)
        self.stages = Histograms()

    def add(self, name: str, count: int = 1) -> None:
        with self._lock:
            self._counts[name] += count

    def decoded(self, decoded: Decoded) -> None:
        """Count what a decode took: forward passes, tokens read, tokens guessed, and those the model agreed with."""
        self.add("decode_passes", decoded.steps)
        self.add("decode_tokens", decoded.evaluated)
        self.add("draft_tokens", decoded.drafted)
        self.add("draft_tokens_accepted", decoded.accepted)

    @property
    def acceptance(self) -> float | None:
        """The share of guessed tokens that the model agreed with; None before the first guess."""
        with self._lock:
            guessed, agreed = self._counts["draft_tokens"], self._counts["draft_tokens_accepted"]
        return round(agreed / guessed, 3) if guessed else None

    def outcome(self, outcome: Outcome, ms: float | None = None) -> None:
        """Count an answer, and how long it took where it took any."""
        self.add(f"outcome_{outcome}")
        if ms is not None:
            self._took.append(ms)

    @property
    def p50_ms(self) -> float | None:
        """The median of the latest answers; None before the first."""
        took = sorted(self._took)
        return round(took[len(took) // 2], 1) if took else None

    def snapshot(self) -> dict[str, int]:
        with self._lock:
            return dict(sorted(self._counts.items()))


def rss_bytes(status: Path = Path("/proc/self/status")) -> int:
    """Resident memory of this process."""
    for line in status.read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def stuck_after_s(deadline_s: float) -> float:
    """When a thread counts as stuck; ``EDGEASSIST_STUCK_S`` shortens it for the fault tests."""
    return float(os.environ.get("EDGEASSIST_STUCK_S") or max(_STUCK_S, _STUCK_DEADLINES * deadline_s))
