"""What goes in and out of the MQTT connection, free of any MQTT library."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class BusState(StrEnum):
    """Where the connection stands, for a person: STATUS, health, doctor."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting for broker"
    BAD_CREDENTIALS = "refused: bad credentials"
    REFUSED = "refused"
    TLS_FAILED = "TLS failed"
    TAKEN_OVER = "taken over by another client with the same id"


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """One broker and how to talk to it. Durations in seconds."""

    client_id: str
    #: Where ``online`` and the last will go; None for a client that announces nothing of itself.
    status_topic: str | None = None
    host: str = "localhost"
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls: bool = False
    keepalive_s: int = 30
    session_expiry_s: int = 30
    receive_maximum: int = 20
    #: zigbee2mqtt/bridge/devices of a home with a hundred devices is close to one MiB.
    max_packet_bytes: int = 2 * 1024 * 1024
    outgoing_cap: int = 1000
    connect_timeout_s: float = 5.0
    #: From CONNECT to CONNACK. Some MQTT 3.1.1 brokers never answer an MQTT 5 CONNECT.
    answer_timeout_s: float = 5.0
    backoff_s: tuple[float, float] = (1.0, 60.0)
    #: A password does not become right, and a twin does not go away, within a second.
    refused_backoff_s: tuple[float, float] = (10.0, 300.0)

    @property
    def uses_tls(self) -> bool:
        return self.tls or self.tls_ca is not None or self.tls_cert is not None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message as it came. ``generation`` numbers the connection: packet ids are its own."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    dup: bool = False
    mid: int = 0
    generation: int = 0
    response_topic: str | None = None
    correlation: bytes | None = None
    expiry_s: int | None = None


@dataclass(frozen=True, slots=True)
class BusHealth:
    """The connection's counters since the start, and what it lacks."""

    state: BusState
    detail: str
    protocol: str
    missing: tuple[str, ...]
    thread_alive: bool
    connects: int
    reconnects: int
    queued: int
    dropped: int
    expired: int
    overflowed: int
    malformed: int
    stale_acks: int
    refused_filters: tuple[str, ...]


class PublishHandle:
    """What became of one message; set once, by the thread of the connection."""

    __slots__ = ("_done", "failure")

    def __init__(self) -> None:
        self._done = threading.Event()
        #: Why the message will not arrive; None while it may or when it did.
        self.failure: str | None = None

    def wait(self, timeout: float | None = None) -> bool:
        """True when the broker has it (QoS 0: when it was written); False after ``timeout`` seconds or a failure."""
        return self._done.wait(timeout) and self.failure is None

    @property
    def settled(self) -> bool:
        return self._done.is_set()

    def settle(self, failure: str | None = None) -> None:
        if not self._done.is_set():
            self.failure = failure
            self._done.set()
