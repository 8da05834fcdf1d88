"""Messages through MqttBus and a real Mosquitto."""

from __future__ import annotations

import queue
import time
from pathlib import Path

import pytest

from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.topics import ANY_INTENT, SHARED_ANY_INTENT
from edgeassist.bus.values import Incoming, MqttSettings
from edgeassist.errors import BusError
from edgeassist.messages import Reply
from tests.support.broker import Mosquitto
from tests.support.bus_client import BusClient

from .conftest import BASE, INTENT, STATUS, MakeBus, eventually, next_on, started


def test_request_with_response_topic_and_correlation_is_answered_with_the_same_bytes(
    broker: Mosquitto, make_bus: MakeBus
) -> None:
    bus = started(make_bus(broker.port), INTENT)
    with BusClient(broker.port).subscribe_later("answers/7") as peer:
        peer.publish(INTENT, "on", response_topic="answers/7", correlation=b"\x00\xff\x01", expiry_s=9)
        request = next_on(bus, INTENT)
        assert (request.response_topic, request.correlation) == ("answers/7", b"\x00\xff\x01")
        assert request.expiry_s is not None
        assert 0 < request.expiry_s <= 9
        reply = Reply(request.response_topic, request.correlation)
        assert bus.publish("answers/7", b"done", reply=reply, expiry_s=60).wait(5)
        (answer,) = peer.wait_for("answers/7")
        assert (answer.payload, answer.correlation, answer.retain) == (b"done", b"\x00\xff\x01", False)
        assert answer.expiry_s is not None
        assert 58 <= answer.expiry_s <= 60


def test_bus_as_the_one_who_asks_sends_its_response_topic(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port))
    with BusClient(broker.port).subscribe_later(INTENT) as peer:
        bus.publish(INTENT, b"on", reply=Reply(None, b"c"), response_topic="answers/8")
        (request,) = peer.wait_for(INTENT)
        assert (request.response_topic, request.correlation) == ("answers/8", b"c")


def test_retained_intent_is_told_from_a_live_one(broker: Mosquitto, make_bus: MakeBus) -> None:
    with BusClient(broker.port) as peer:
        peer.publish(INTENT, "unlock the door", retain=True)
        bus = started(make_bus(broker.port), INTENT)
        assert next_on(bus, INTENT).retain is True
        peer.publish(INTENT, "turn on the lamp", retain=True)
        assert next_on(bus, INTENT).retain is False


def test_intent_for_any_node_reaches_one_of_two(broker: Mosquitto, make_bus: MakeBus) -> None:
    first = started(make_bus(broker.port, client_id="a"), SHARED_ANY_INTENT)
    second = started(make_bus(broker.port, client_id="b"), SHARED_ANY_INTENT)
    assert first.missing == ()
    with BusClient(broker.port) as peer:
        for i in range(10):
            peer.publish(ANY_INTENT, str(i))
    eventually(lambda: first.inbox.qsize() + second.inbox.qsize() == 10, first)
    assert first.inbox.qsize() == second.inbox.qsize() == 5


def test_message_that_is_not_acknowledged_comes_again_on_the_next_connection(
    broker: Mosquitto, make_bus: MakeBus
) -> None:
    bus = started(make_bus(broker.port), INTENT)
    with BusClient(broker.port) as peer:
        peer.publish(INTENT, "one")
        peer.publish(INTENT, "two")
    first = next_on(bus, INTENT)
    bus.ack(next_on(bus, INTENT))
    bus.publish("x", b"", qos=1).wait(5)  # the acknowledgement went out before it, on the same connection
    bus.stop()
    bus.start()
    again = next_on(bus, INTENT)
    assert (first.payload, first.dup) == (b"one", False)
    assert (again.payload, again.dup) == (b"one", True)
    assert again.generation > first.generation
    with pytest.raises(queue.Empty):
        next_on(bus, INTENT, timeout=0.2)


def test_acknowledgement_of_an_old_connection_is_not_sent_on_the_new_one(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port), INTENT)
    with BusClient(broker.port) as peer:
        peer.publish(INTENT, "one")
        old = next_on(bus, INTENT)
        bus.stop()
        bus.start()
        again = next_on(bus, INTENT)
        assert again.mid == old.mid, "the packet id is used again, or this test shows nothing"
        bus.ack(old)
        eventually(lambda: bus.health().stale_acks == 1, bus)
        bus.stop()
        bus.start()
        assert next_on(bus, INTENT).payload == b"one"


def test_un_acknowledged_messages_are_held_to_the_receive_maximum(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port, receive_maximum=4), INTENT)
    with BusClient(broker.port) as peer:
        for i in range(8):
            peer.publish(INTENT, str(i))
        held = [next_on(bus, INTENT) for _ in range(4)]
        with pytest.raises(queue.Empty):
            next_on(bus, INTENT, timeout=0.2)
        bus.ack(held[0])
        assert next_on(bus, INTENT).payload == b"4"


def test_message_of_qos_0_needs_no_acknowledgement(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = make_bus(broker.port)
    bus.subscribe("state/#", qos=0)
    started(bus)
    with BusClient(broker.port) as peer:
        peer.publish("state/lamp", "ON")
    incoming = next_on(bus, "state/lamp")
    assert incoming.qos == 0
    bus.ack(incoming)
    assert bus.publish("x", b"").wait(5)
    assert bus.health().stale_acks == 0


def test_payload_of_any_bytes_comes_as_it_is(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port), INTENT)
    with BusClient(broker.port) as peer:
        for payload in (b"\xff\xfe", b"", b"\0" * 5000, b"fine"):
            peer.publish(INTENT, payload)
            incoming = next_on(bus, INTENT)
            assert incoming.payload == payload
            bus.ack(incoming)
    assert bus.thread_alive


def test_inbox_that_raises_costs_the_message_and_not_the_connection(broker: Mosquitto) -> None:
    class Broken(queue.Queue[Incoming]):
        def put_nowait(self, item: Incoming) -> None:
            if item.payload == b"poison":
                raise RuntimeError("poison")
            super().put_nowait(item)

    bus = MqttBus(MqttSettings("a", STATUS, host="127.0.0.1", port=broker.port), Broken(10))
    try:
        started(bus, INTENT)
        with BusClient(broker.port) as peer:
            peer.publish(INTENT, "poison")
            peer.publish(INTENT, "fine")
        assert next_on(bus, INTENT).payload == b"fine"
        assert (bus.health().malformed, bus.health().connects, bus.thread_alive) == (1, 1, True)
    finally:
        bus.stop()


def test_packet_over_the_announced_size_never_reaches_us(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port, max_packet_bytes=8192), INTENT)
    with BusClient(broker.port) as peer:
        peer.publish(INTENT, b"x" * 1_000_000)
        peer.publish(INTENT, b"fine")
    assert next_on(bus, INTENT).payload == b"fine"
    assert bus.health().connects == 1


def test_full_inbox_is_counted_and_keeps_room_for_qos_1(broker: Mosquitto) -> None:
    inbox: queue.Queue[Incoming] = queue.Queue(10)
    bus = MqttBus(MqttSettings("a", STATUS, host="127.0.0.1", port=broker.port), inbox)
    try:
        bus.subscribe("state/#", qos=0)
        started(bus, INTENT)
        with BusClient(broker.port) as peer:
            for _ in range(20):
                peer.publish("state/lamp", "ON")
            for i in range(12):
                peer.publish(INTENT, str(i))
        eventually(lambda: bus.health().overflowed == 15 + 7, bus)
        assert [inbox.get().topic for _ in range(10)] == ["state/lamp"] * 5 + [INTENT] * 5
        with BusClient(broker.port) as peer:
            peer.publish(INTENT, "after")
        assert next_on(bus, INTENT).payload == b"after"
    finally:
        bus.stop()


def test_unsubscribed_topic_falls_silent(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port), INTENT, "state/#")
    with BusClient(broker.port) as peer:
        bus.unsubscribe("state/#")
        bus.publish("x", b"").wait(5)
        peer.publish("state/lamp", "ON")
        peer.publish(INTENT, "on")
    assert bus.inbox.get(timeout=5).topic == INTENT


def test_many_subscriptions_are_asked_for_in_several_packets(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port), *(f"state/{i}" for i in range(400)))
    with BusClient(broker.port) as peer:
        peer.publish("state/399", "ON")
    assert next_on(bus, "state/399").payload == b"ON"


@pytest.mark.parametrize("topic", ["", "a/+", "a/#", "a\0b"])
def test_topic_that_cannot_be_published_on_is_an_error_at_once(make_bus: MakeBus, topic: str) -> None:
    with pytest.raises(BusError, match="topic"):
        make_bus(1).publish(topic, b"x")


def test_message_that_the_broker_denies_fails_its_handle(make_bus: MakeBus, tmp_path: Path) -> None:
    acl = tmp_path / "acl"
    acl.write_text(f"topic readwrite {BASE}/#\n")
    with Mosquitto(config=(f"acl_file {acl}",)) as broker:
        bus = started(make_bus(broker.port), INTENT)
        handle = bus.publish("forbidden/topic", b"x")
        assert handle.wait(5) is False
        assert handle.failure is not None
        assert "Not authorized" in handle.failure
        assert bus.publish(f"{BASE}/action", b"x").wait(5) is True


def test_message_round_trip_does_not_wait_for_delayed_acknowledgements(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port), INTENT)
    spans = []
    for _ in range(10):
        begin = time.perf_counter()
        bus.publish(INTENT, b"x")
        bus.ack(next_on(bus, INTENT))
        spans.append(time.perf_counter() - begin)
    # Nagle's algorithm against a delayed ACK costs 40 ms in each.
    assert sorted(spans)[5] < 0.03
