"""Messages that the broker hands over again: which of them were dealt with, although the journal has no row of them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

from edgeassist.bus.values import Incoming

#: No broker has more than these under way to us, and only what is under way comes again.
_KEPT = 500


def fingerprint(incoming: Incoming) -> str:
    """The same for a message and its redelivery, which keeps the packet id."""
    head = f"{incoming.topic}\0{incoming.mid}\0".encode("utf-8", "surrogatepass")
    return hashlib.sha256(head + incoming.payload).hexdigest()[:32]


class Refusals:
    """Intents that were answered and not noted in the journal, the latest ones: under a flood that is most of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: OrderedDict[str, None] = OrderedDict()

    def add(self, incoming: Incoming) -> None:
        with self._lock:
            self._latest[fingerprint(incoming)] = None
            while len(self._latest) > _KEPT:
                self._latest.popitem(last=False)

    def answered(self, incoming: Incoming) -> bool:
        """Whether this is one of them once more, as after a lost connection."""
        return incoming.dup and fingerprint(incoming) in self._latest
