"""A queue that is fair: sources take turns, and none can fill it alone."""

from __future__ import annotations

import queue
import threading
import time
from collections import OrderedDict, deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """At most ``each`` items of one source and ``total`` of all; one source after the other gives its oldest."""

    def __init__(self, each: int, total: int) -> None:
        self._each = each
        self._total = total
        self._changed = threading.Condition()
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def has_room(self, source: str) -> bool:
        with self._changed:
            return self._fits(source)

    def put(self, source: str, item: T) -> bool:
        """False where it does not fit."""
        with self._changed:
            if not self._fits(source):
                return False
            self._waiting.setdefault(source, deque()).append(item)
            self._count += 1
            self._changed.notify()
        return True

    def get(self, timeout: float) -> T:
        """The next item; raises queue.Empty when none has come after ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while not self._count:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise queue.Empty
                self._changed.wait(left)
            source, items = self._waiting.popitem(last=False)
            item = items.popleft()
            self._count -= 1
            if items:
                self._waiting[source] = items
        return item

    def _fits(self, source: str) -> bool:
        return self._count < self._total and len(self._waiting.get(source, ())) < self._each
