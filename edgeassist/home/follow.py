"""Keeps a registry in step with the bus: announcements, and the state topics of the devices that there are."""

from __future__ import annotations

import time

from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.values import Incoming

from .registry import HomeRegistry
from .toml import HomeFile

_MAX_ASKED = 1000
_QUERY_EXPIRY_S = 10.0
_LATEST_S = 1.0


class HomeFollower:
    """``deliver`` is given every message that is not an intent; owned by the thread that reads the inbox.

    What was announced counts from the next `settle` on: announcements come by the hundred, and each alone would cost
    a home made anew and a packet to subscribe with.
    """

    def __init__(self, bus: MqttBus, registry: HomeRegistry) -> None:
        self._bus = bus
        self._registry = registry
        self._listening: set[str] = set()
        self._asked: set[str] = set()
        self._news = False
        self._since: float | None = None

    def follow(self) -> None:
        """Subscribe to what announces devices, and to what the declared ones report."""
        self._bus.subscribe(self._registry.announcement_topics, qos=0)
        self._listen()

    def redeclare(self, declared: HomeFile) -> None:
        """Another ``home.toml``: its devices, and the topics on which they report."""
        self._registry.redeclare(declared)
        self._listen()

    def deliver(self, incoming: Incoming) -> None:
        """Take a message in."""
        if self._registry.announce(incoming.topic, incoming.payload):
            self._news = True
            if self._since is None:
                self._since = time.monotonic()
        self._registry.report(incoming.topic, incoming.payload)
        self._bus.ack(incoming)

    @property
    def unsettled(self) -> bool:
        """Whether something was announced since the last `settle`."""
        return self._since is not None

    @property
    def overdue(self) -> bool:
        """Whether that was so long ago that it must not wait for a quiet moment any more."""
        return self._since is not None and time.monotonic() - self._since > _LATEST_S

    def settle(self) -> bool:
        """Listen to what the devices of by now report; True when the home may have changed since the last time."""
        changed, self._since = self._since is not None, None
        if changed:
            self._listen()
        return changed

    def ask(self) -> None:
        """Ask devices that have not reported, each once; to be called when what the broker retains has come."""
        if not self._news:
            return
        self._news = False
        for query in self._registry.queries():
            if query.topic not in self._asked and len(self._asked) < _MAX_ASKED:
                self._asked.add(query.topic)
                self._bus.publish(query.topic, query.payload, qos=query.qos, expiry_s=_QUERY_EXPIRY_S)

    def _listen(self) -> None:
        wanted = self._registry.state_topics()
        if gone := self._listening - wanted:
            self._bus.unsubscribe(gone)
        if fresh := wanted - self._listening:
            self._bus.subscribe(fresh, qos=0)
        self._listening = wanted
