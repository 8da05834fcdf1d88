"""A broker for each test, and buses that end with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest

from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.values import BusState, Incoming, MqttSettings
from tests.support.broker import Mosquitto

BASE = "edgeassist/pi"
INTENT = f"{BASE}/intent"
STATUS = f"{BASE}/status"
QUICK: dict[str, Any] = {"backoff_s": (0.02, 0.1), "refused_backoff_s": (0.05, 0.2), "answer_timeout_s": 1.0}


class MakeBus(Protocol):
    def __call__(self, port: int, /, **settings: Any) -> MqttBus: ...


@pytest.fixture
def broker() -> Iterator[Mosquitto]:
    with Mosquitto() as mosquitto:
        yield mosquitto


@pytest.fixture
def make_bus() -> Iterator[MakeBus]:
    """Buses with short waits; not started, stopped at the end."""
    made: list[MqttBus] = []

    def make(port: int, /, **settings: Any) -> MqttBus:
        values: dict[str, Any] = {
            "client_id": "edgeassist-pi", "status_topic": STATUS, "host": "127.0.0.1", "port": port, **QUICK,
            **settings,
        }  # fmt: skip
        made.append(MqttBus(MqttSettings(**values)))
        return made[-1]

    yield make
    for bus in made:
        bus.stop(2.0)


def started(bus: MqttBus, *filters: str) -> MqttBus:
    """The bus, connected and subscribed."""
    bus.subscribe(filters)
    bus.start()
    assert bus.wait_ready(5.0), bus.health()
    return bus


def next_on(bus: MqttBus, topic: str, timeout: float = 5.0) -> Incoming:
    """The next message of a topic; what comes on others before is dropped."""
    while True:
        incoming = bus.inbox.get(timeout=timeout)
        if incoming.topic == topic:
            return incoming


def eventually(condition: Callable[[], bool], bus: MqttBus, timeout: float = 5.0) -> None:
    """For what the bus counts and tells nobody: looks again each time that its thread may have moved."""
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, bus.health()
        pause.wait(0.005)


def in_state(bus: MqttBus, state: BusState) -> None:
    eventually(lambda: bus.state is state, bus)
