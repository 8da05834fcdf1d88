"""How often each source asks: what policy's pure rule is given, kept for the latest sources."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from edgeassist.policy import within_rate
from edgeassist.text import sanitise

_MAX_SOURCES = 256


class Rates:
    """``limit`` intents a minute of one source; None for no limit. Thread-safe."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, tuple[float, ...]] = OrderedDict()

    def refusal(self, source: str) -> str | None:
        """What to say to a source that asks more often than it may; None, and this time counted, where it does not."""
        if self._limit is None:
            return None
        with self._lock:
            counted = within_rate(self._recent.get(source, ()), time.monotonic(), self._limit)
            if counted is not None:
                self._recent[source] = counted
            self._recent.move_to_end(source)
            while len(self._recent) > _MAX_SOURCES:
                self._recent.popitem(last=False)
        if counted is not None:
            return None
        return f"Not allowed: more than {self._limit} intents a minute from {sanitise(source, 40)}."
