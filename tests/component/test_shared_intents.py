"""What a fleet shares while one of its nodes is without power, and the broker keeps that node's session."""

from __future__ import annotations

import threading

from edgeassist.bus.topics import ANY_INTENT, SHARED_ANY_INTENT
from tests.support.broker import Mosquitto
from tests.support.bus_client import BusClient
from tests.support.proxy import Proxy

from .conftest import INTENT, MakeBus, eventually, started

BARRIER = "edgeassist/living/intent"
ROUNDS = 4


def test_intent_that_expires_is_done_once_when_it_is_repeated(broker: Mosquitto, make_bus: MakeBus) -> None:
    living = started(make_bus(broker.port, client_id="living", status_topic=None), SHARED_ANY_INTENT, BARRIER)
    with Proxy(broker.port) as wire, BusClient(broker.port) as peer:
        dead = started(make_bus(wire.port, client_id="dead"), SHARED_ANY_INTENT, INTENT)
        wire.hold()
        missing, rounds = [b"0", b"1", b"2", b"3"], 0
        while missing:
            rounds += 1
            assert rounds <= ROUNDS, missing
            for payload in missing:
                peer.publish(ANY_INTENT, payload, expiry_s=1)
            peer.publish(BARRIER, b"that was all")
            while (incoming := living.inbox.get(timeout=5)).topic != BARRIER:
                missing.remove(incoming.payload)
                living.ack(incoming)
        assert rounds > 1, "the dead node had no share"
        threading.Event().wait(2.2)  # what is tested is that time passes; the broker counts in seconds
        wire.cut()
        eventually(lambda: dead.health().connects == 2 and dead.wait_ready(0), dead)
        peer.publish(INTENT, "fresh")
        first = dead.inbox.get(timeout=5)
        assert (first.topic, first.payload) == (INTENT, b"fresh")
