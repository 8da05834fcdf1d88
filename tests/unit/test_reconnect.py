"""How long the bus waits before it tries again."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from edgeassist.bus.reconnect import Backoff, Ending, Protocol, Reconnect, Why
from edgeassist.bus.values import MqttSettings


def test_waits_double_to_the_cap_and_begin_again_after_a_reset() -> None:
    backoff = Backoff(1.0, 60.0, random.Random(7))
    waits = [backoff.next() for _ in range(50)]
    for i, wait in enumerate(waits[:6]):
        assert 0.75 * 2**i <= wait <= 1.25 * 2**i
    assert all(45.0 <= wait <= 60.0 for wait in waits[6:])
    backoff.reset()
    assert backoff.next() <= 1.25


@given(st.integers())
def test_two_nodes_that_lost_the_broker_together_come_back_apart(seed: int) -> None:
    first, second = Backoff(1.0, 60.0, random.Random(seed)), Backoff(1.0, 60.0, random.Random(seed + 1))
    assert [first.next() for _ in range(6)] != [second.next() for _ in range(6)]


CLOSED = Ending(Why.CLOSED, "closed by the broker")
SILENT = Ending(Why.SILENT, "no answer")


def fresh() -> Reconnect:
    return Reconnect(MqttSettings("pi", "status", backoff_s=(1.0, 60.0), refused_backoff_s=(10.0, 300.0)))


def test_broker_that_refuses_mqtt_5_gets_3_1_1_at_once_and_for_good() -> None:
    memory = fresh()
    refused = memory.judge(Ending(Why.PROTOCOL, "no"), 0.0)
    assert (memory.protocol, memory.wait_s(refused, 0.0)) == (Protocol.MQTT_3_1_1, 0.0)
    memory.connected()
    assert [memory.judge(SILENT, 0.0).why for _ in range(9)] == [Why.SILENT] * 9
    assert memory.protocol is Protocol.MQTT_3_1_1


def test_broker_that_refuses_both_versions_is_not_hammered() -> None:
    memory = fresh()
    memory.judge(Ending(Why.PROTOCOL, "no"), 0.0)
    refused = memory.judge(Ending(Why.PROTOCOL, "no"), 0.0)
    assert refused.why is Why.REFUSED
    assert memory.wait_s(refused, 0.0) >= 7.5


def test_silent_broker_is_tried_with_both_versions_in_turn() -> None:
    memory = fresh()
    versions = []
    for _ in range(6):
        versions.append(memory.protocol.value)
        memory.judge(SILENT, 0.0)
    assert versions == [5, 5, 4, 4, 5, 5]


def test_three_quick_closes_are_a_twin_and_wait_longer_each_time() -> None:
    memory = fresh()
    assert [memory.judge(CLOSED, 1.0).why for _ in range(3)] == [Why.CLOSED, Why.CLOSED, Why.TAKEN_OVER]
    first = memory.wait_s(memory.judge(CLOSED, 12.0), 12.0)
    second = memory.wait_s(memory.judge(CLOSED, 12.0), 12.0)
    assert 7.5 <= first <= 12.5
    assert 15.0 <= second <= 25.0


def test_closes_with_an_outage_between_are_no_twin() -> None:
    memory = fresh()
    for _ in range(5):
        assert memory.judge(CLOSED, 1.0).why is Why.CLOSED
        memory.judge(Ending(Why.UNREACHABLE, "connection refused"), 0.0)


def test_connection_that_held_starts_the_waits_anew() -> None:
    memory = fresh()
    lost = Ending(Why.LOST, "lost")
    assert max(memory.wait_s(lost, 0.0) for _ in range(8)) > 40.0
    assert memory.wait_s(lost, 11.0) <= 1.25
