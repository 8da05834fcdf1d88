"""The bounded queue of what is to be published while the connection is away or slow."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from .values import PublishHandle


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish. ``deadline`` is an instant of ``time.monotonic``."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False
    response_topic: str | None = None
    correlation: bytes | None = None
    deadline: float | None = None
    handle: PublishHandle = field(default_factory=PublishHandle)

    def expired(self, now: float) -> bool:
        return self.deadline is not None and now >= self.deadline


class Outbox:
    """First in, first out, at most ``cap`` messages with those in flight. Never blocks; safe from any thread.

    What does not fit is dropped and counted: the newest, since the oldest may be half of a pair that is under way.
    """

    def __init__(self, cap: int, in_flight: Callable[[], int]) -> None:
        self._cap = cap
        self._in_flight = in_flight
        self._lock = threading.Lock()
        self._queue: deque[Outgoing] = deque()
        self.dropped = 0
        self.expired = 0

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, message: Outgoing) -> bool:
        with self._lock:
            if message.retain:
                self._forget_older(message.topic)
            if len(self._queue) + self._in_flight() < self._cap:
                self._queue.append(message)
                return True
            self.dropped += 1
        message.handle.settle(f"outgoing queue of {self._cap} messages is full")
        return False

    def put_first(self, messages: Iterable[Outgoing]) -> None:
        """Give back what was taken out and not delivered, in its old order."""
        with self._lock:
            self._queue.extendleft(reversed(list(messages)))

    def take(self, now: float) -> Outgoing | None:
        """The oldest message that is still worth sending."""
        while True:
            with self._lock:
                if not self._queue:
                    return None
                message = self._queue.popleft()
            if not message.expired(now):
                return message
            self.expire(message)

    def expire(self, message: Outgoing) -> None:
        """A command that waited too long must not act on the home any more."""
        self.expired += 1
        message.handle.settle("expired before the broker took it")

    def lose(self, message: Outgoing, reason: str) -> None:
        with self._lock:
            self.dropped += 1
        message.handle.settle(reason)

    def clear(self, reason: str) -> None:
        while (message := self.take(float("-inf"))) is not None:
            message.handle.settle(reason)

    def _forget_older(self, topic: str) -> None:
        """Of a retained topic only the last value counts: health of an hour offline is one message, not 120."""
        superseded = [m for m in self._queue if m.retain and m.topic == topic]
        for message in superseded:
            self._queue.remove(message)
            message.handle.settle("superseded by a newer value of the same retained topic")
