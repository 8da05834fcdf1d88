"""MqttBus on brokers that speak MQTT 3.1.1 only: the embedded one, and one that does not even refuse."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter

from edgeassist.bus import embedded
from edgeassist.bus.embedded import EmbeddedBroker
from edgeassist.bus.mqtt import MISSING_ON_3
from edgeassist.bus.topics import SHARED_ANY_INTENT
from edgeassist.bus.values import BusState
from edgeassist.errors import BusError
from edgeassist.messages import Reply
from tests.support.bus_client import BusClient

from .conftest import INTENT, STATUS, MakeBus, in_state, next_on, started


@pytest.fixture
def old_broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker() as broker:
        yield broker


def test_broker_that_refuses_mqtt_5_is_used_with_what_it_has(old_broker: EmbeddedBroker, make_bus: MakeBus) -> None:
    bus = started(make_bus(old_broker.port), INTENT, SHARED_ANY_INTENT)
    assert bus.missing == MISSING_ON_3
    assert "shared subscription" in bus.missing
    assert bus.health().protocol == "3.1.1"
    with BusClient(old_broker.port, mqtt5=False).subscribe_later("answers/7", STATUS) as peer:
        assert peer.wait_for(STATUS)[0].payload == b"online"
        peer.publish(INTENT, "on")
        incoming = next_on(bus, INTENT)
        assert (incoming.payload, incoming.response_topic, incoming.correlation) == (b"on", None, None)
        bus.ack(incoming)
        assert bus.publish("answers/7", b"done", reply=Reply("answers/7", b"lost"), expiry_s=5).wait(5)
        assert peer.wait_for("answers/7")[0].payload == b"done"
        bus.stop()
        assert peer.wait_for(STATUS, count=2)[-1].payload == b"offline"


def test_retained_intent_is_told_apart_on_the_embedded_broker(old_broker: EmbeddedBroker, make_bus: MakeBus) -> None:
    with BusClient(old_broker.port, mqtt5=False) as peer:
        peer.publish(INTENT, "unlock", retain=True)
    assert next_on(started(make_bus(old_broker.port), INTENT), INTENT).retain is True


def test_embedded_broker_gone_and_back_on_its_port_is_found_again(make_bus: MakeBus) -> None:
    broker = EmbeddedBroker()
    port = broker.start()
    bus = started(make_bus(port), INTENT)
    broker.stop()
    in_state(bus, BusState.WAITING)
    assert broker.start() == port
    try:
        assert bus.wait_ready(5)
        assert bus.health().protocol == "3.1.1"
    finally:
        bus.stop()
        broker.stop()


def test_embedded_broker_on_a_port_in_use_says_so(old_broker: EmbeddedBroker) -> None:
    with pytest.raises(BusError, match=f"127.0.0.1:{old_broker.port}.*in use"):
        EmbeddedBroker(old_broker.port).start()


def test_embedded_broker_survives_what_is_not_mqtt(old_broker: EmbeddedBroker, make_bus: MakeBus) -> None:
    for junk in (
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x10",
        b"\x10\xff\xff\xff\xff\xff",
        b"\x10\x04\xff\xff" + b"x" * 100,
    ):
        with socket.create_connection(("127.0.0.1", old_broker.port)) as sock:
            sock.sendall(junk)
    assert started(make_bus(old_broker.port)).state is BusState.CONNECTED


def test_broker_that_never_answers_mqtt_5_is_tried_with_3_1_1(
    monkeypatch: pytest.MonkeyPatch, make_bus: MakeBus
) -> None:
    def bare(broker: Any) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            adapters = StreamReaderAdapter(reader), StreamWriterAdapter(writer)
            await broker.external_connected(*adapters, "default")

        return accept

    monkeypatch.setattr(embedded, "_acceptor", bare)
    with EmbeddedBroker() as broker:
        bus = started(make_bus(broker.port, answer_timeout_s=0.1), INTENT)
        assert bus.health().protocol == "3.1.1"
        bus.stop()
