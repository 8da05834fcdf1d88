"""When to try again, with which version of the protocol, and what several endings in a row mean."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum, IntEnum, auto

from .values import MqttSettings

#: A connection that held this long was a good one.
_STEADY_S = 10.0
_LONG_S = 600.0
#: Closed without a word this many times in a row, each within a minute: the only sign of a twin on MQTT 3.1.1, and on
#: Mosquitto 2.0.11, which keeps MQTT 5's reason to itself.
_TWIN_CLOSES = 3
_TWIN_WITHIN_S = 60.0
#: Unanswered CONNECTs before the other version is tried; one alone may be a broker that is just starting.
_SILENCES = 2


class Protocol(IntEnum):
    """The protocol level in a CONNECT."""

    MQTT_3_1_1 = 4
    MQTT_5 = 5

    @property
    def label(self) -> str:
        return "5" if self is Protocol.MQTT_5 else "3.1.1"


class Why(Enum):
    """How a connection, or the attempt at one, ended."""

    STOPPED = auto()
    UNREACHABLE = auto()
    LOST = auto()
    #: By the other side and without a word: a broker that stops, or one that prefers a twin of ours.
    CLOSED = auto()
    SILENT = auto()
    PROTOCOL = auto()
    CREDENTIALS = auto()
    REFUSED = auto()
    TLS = auto()
    TAKEN_OVER = auto()


_HOPELESS = frozenset({Why.CREDENTIALS, Why.REFUSED, Why.TLS, Why.TAKEN_OVER})


@dataclass(frozen=True, slots=True)
class Ending:
    """Why, and the same for a person."""

    why: Why
    detail: str


class Backoff:
    """Doubles from ``first`` to ``cap`` seconds, each wait spread by a quarter: a fleet does not return at once."""

    def __init__(self, first: float, cap: float, rng: random.Random | None = None) -> None:
        self._first = first
        self._cap = cap
        self._rng = rng or random.Random()  # noqa: S311  (no secret)
        self._failures = 0

    def next(self) -> float:
        """Seconds to wait, and one failure more."""
        exponent = min(self._failures, 32)
        self._failures += 1
        wait = min(self._cap, self._first * 2.0**exponent)
        return min(self._cap, wait * self._rng.uniform(0.75, 1.25))

    def reset(self) -> None:
        self._failures = 0


class Reconnect:
    """The memory from one connection to the next; for the thread of the bus only."""

    def __init__(self, settings: MqttSettings) -> None:
        self._client_id = settings.client_id
        self._ordinary = Backoff(*settings.backoff_s)
        self._slow = Backoff(*settings.refused_backoff_s)
        self._last: Why | None = None
        self._silences = 0
        self._twin_closes = 0
        self.protocol = Protocol.MQTT_5
        #: Whether a broker ever took `protocol`; it is not doubted afterwards.
        self.protocol_known = False

    def connected(self) -> None:
        self.protocol_known = True
        self._silences = 0

    def judge(self, ending: Ending, up_s: float) -> Ending:
        """What this ending means after those before it; ``up_s`` is how long the connection held, in seconds."""
        if ending.why is Why.PROTOCOL:
            if self.protocol_known or self.protocol is Protocol.MQTT_3_1_1:
                return Ending(Why.REFUSED, ending.detail)
            self.protocol = Protocol.MQTT_3_1_1
            return ending
        if ending.why is Why.SILENT and not self.protocol_known:
            self._silences += 1
            if self._silences % _SILENCES == 0:
                other = self.protocol is Protocol.MQTT_5
                self.protocol = Protocol.MQTT_3_1_1 if other else Protocol.MQTT_5
        quick = ending.why is Why.CLOSED and up_s < _TWIN_WITHIN_S
        self._twin_closes = self._twin_closes + 1 if quick else 0
        if self._twin_closes >= _TWIN_CLOSES:
            hint = f"closed {self._twin_closes} times; does another client use the id {self._client_id!r}?"
            return Ending(Why.TAKEN_OVER, hint)
        return ending

    def wait_s(self, ending: Ending, up_s: float) -> float:
        """How long to wait before the next attempt, for an ending that was judged."""
        if up_s >= _STEADY_S:
            self._ordinary.reset()
        if up_s >= _LONG_S or ending.why is not self._last:
            self._slow.reset()
        self._last = ending.why
        if ending.why is Why.PROTOCOL:
            return 0.0
        return (self._slow if ending.why in _HOPELESS else self._ordinary).next()
