"""MqttBus when the broker is away, refuses, hangs or comes back."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from edgeassist.bus.values import BusState
from tests.support.broker import Mosquitto
from tests.support.bus_client import BusClient
from tests.support.proxy import Proxy

from .conftest import INTENT, STATUS, MakeBus, eventually, in_state, next_on, started

_CHILD = f"""
import sys, threading
from edgeassist.bus.mqtt import MqttBus
from edgeassist.bus.values import MqttSettings
bus = MqttBus(MqttSettings("child", {STATUS!r}, host="127.0.0.1", port=int(sys.argv[1])))
bus.start()
bus.wait_ready()
print("ready", flush=True)
threading.Event().wait()
"""


def test_online_is_retained_and_offline_follows_a_stop(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port))
    with BusClient(broker.port).subscribe_later(STATUS) as peer:
        (first,) = peer.wait_for(STATUS)
        assert (first.payload, first.retain) == (b"online", True)
        bus.stop()
        assert peer.wait_for(STATUS, count=2)[-1].payload == b"offline"
    with BusClient(broker.port).subscribe_later(STATUS) as late:
        (kept,) = late.wait_for(STATUS)
        assert (kept.payload, kept.retain) == (b"offline", True)
    assert bus.state is BusState.STOPPED
    assert not bus.thread_alive


def test_process_that_is_killed_leaves_offline_behind(broker: Mosquitto) -> None:
    with BusClient(broker.port).subscribe_later(STATUS) as peer:
        command = [sys.executable, "-c", _CHILD, str(broker.port)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.kill()
        child.wait()
        child.stdout.close()
        heard = peer.wait_for(STATUS, count=2)
    assert [message.payload for message in heard] == [b"online", b"offline"]


@pytest.mark.parametrize("persistence", [False, True])
def test_broker_killed_and_started_again_is_found_again(make_bus: MakeBus, persistence: bool) -> None:
    with Mosquitto(persistence=persistence) as broker:
        bus = started(make_bus(broker.port), INTENT)
        broker.kill()
        in_state(bus, BusState.WAITING)
        handle = bus.publish("home/lamp/set", b"ON", retain=True)
        assert not handle.settled
        broker.start()
        assert handle.wait(5)
        assert bus.wait_ready(5)
        with BusClient(broker.port).subscribe_later("home/lamp/set", STATUS) as peer:
            peer.publish(INTENT, "on")
            assert peer.wait_for("home/lamp/set")[0].payload == b"ON"
            assert peer.wait_for(STATUS)[-1].payload == b"online"
        assert next_on(bus, INTENT).payload == b"on"
        assert bus.health().reconnects >= 1
        assert bus.health().dropped == 0


def test_broker_that_appears_late_is_waited_for(make_bus: MakeBus) -> None:
    broker = Mosquitto()
    bus = make_bus(broker.port)
    bus.subscribe(INTENT)
    bus.start()
    try:
        in_state(bus, BusState.WAITING)
        assert "Connection refused" in bus.detail
        assert str(broker.port) in bus.detail
        queued = bus.publish("x", b"early")
        broker.start()
        assert bus.wait_ready(5)
        assert queued.wait(5)
    finally:
        broker.close()


@pytest.fixture
def locked(tmp_path: Path) -> str:
    """A password file that knows ``pi`` with the password ``right``."""
    path = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(path), "pi", "right"], check=True, capture_output=True)
    return str(path)


def test_wrong_password_is_a_state_of_its_own_and_retried_slowly(make_bus: MakeBus, locked: str) -> None:
    with Mosquitto(config=("allow_anonymous false", f"password_file {locked}")) as broker:
        settings = {"username": "pi", "refused_backoff_s": (30.0, 60.0)}
        bus = make_bus(broker.port, password="wrong", **settings)
        bus.start()
        in_state(bus, BusState.BAD_CREDENTIALS)
        assert "Not authorized" in bus.detail
        assert "wrong" not in bus.detail
        assert not bus.wait_ready(0.3)
        assert bus.state is BusState.BAD_CREDENTIALS
        assert broker.log().count("not authorised") == 1
        right = make_bus(broker.port, password="right", **settings)
        assert started(right).state is BusState.CONNECTED


def test_stop_while_waiting_does_not_wait(make_bus: MakeBus) -> None:
    bus = make_bus(1, backoff_s=(60.0, 60.0))
    bus.start()
    in_state(bus, BusState.WAITING)
    handle = bus.publish("x", b"never")
    begin = time.monotonic()
    bus.stop()
    assert time.monotonic() - begin < 1.0
    assert handle.settled
    assert handle.failure == "the bus was stopped"


def test_twin_with_the_same_id_is_reported_and_not_fought(broker: Mosquitto, make_bus: MakeBus) -> None:
    # Mosquitto 2.0.11 closes the older connection without a word.
    slow = {"backoff_s": (0.02, 0.02), "refused_backoff_s": (30.0, 60.0)}
    first, second = make_bus(broker.port, **slow), make_bus(broker.port, **slow)
    first.start()
    second.start()
    eventually(lambda: BusState.TAKEN_OVER in (first.state, second.state), first)
    loser, winner = (first, second) if first.state is BusState.TAKEN_OVER else (second, first)
    assert "does another client use the id 'edgeassist-pi'?" in loser.detail
    assert winner.publish("x", b"").wait(5)
    before = winner.health().connects
    assert not loser.wait_ready(0.3)
    assert winner.health().connects == before
    assert winner.state is BusState.CONNECTED


def test_broker_that_says_taken_over_is_believed_at_once(make_bus: MakeBus) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        bus = make_bus(server.getsockname()[1], refused_backoff_s=(30.0, 60.0))
        bus.start()
        connection, _ = server.accept()
        with connection:
            assert connection.recv(1) == b"\x10"
            connection.sendall(b"\x20\x03\x00\x00\x00" + b"\xe0\x01\x8e")
            in_state(bus, BusState.TAKEN_OVER)
    assert "Session taken over" in bus.detail
    assert bus.health().connects <= 1


def test_wire_cut_resends_in_the_old_order(broker: Mosquitto, make_bus: MakeBus) -> None:
    with Proxy(broker.port) as wire, BusClient(broker.port).subscribe_later("seq", STATUS) as peer:
        bus = started(make_bus(wire.port))
        eventually(lambda: bus.health().queued == 0, bus)
        wire.hold()
        handles = [bus.publish("seq", str(i).encode()) for i in range(40)]
        eventually(lambda: bus.health().queued == 40, bus)
        wire.cut()
        assert all(handle.wait(5) for handle in handles)
        assert [int(heard.payload) for heard in peer.wait_for("seq", count=40)] == list(range(40))
        # The broker saw the old connection go without a word.
        assert [heard.payload for heard in peer.wait_for(STATUS, count=3)] == [b"online", b"offline", b"online"]


def test_command_that_expired_while_the_wire_was_dead_is_never_sent(broker: Mosquitto, make_bus: MakeBus) -> None:
    with Proxy(broker.port) as wire, BusClient(broker.port).subscribe_later("door/set") as peer:
        bus = started(make_bus(wire.port))
        wire.hold()
        in_flight = [bus.publish("door/set", b"OPEN", expiry_s=0.3) for _ in range(3)]
        keeps = bus.publish("door/set", b"keeps")
        queued = [bus.publish("door/set", b"OPEN", expiry_s=0.3) for _ in range(20)]
        threading.Event().wait(0.35)  # what is tested is that time passes
        wire.cut()
        assert keeps.wait(5)
        assert [handle.wait(5) for handle in in_flight + queued] == [False] * 23
        assert bus.publish("door/set", b"last").wait(5)
        assert [m.payload for m in peer.wait_for("door/set", count=2)] == [b"keeps", b"last"]
        assert bus.health().expired == 23


def test_outgoing_queue_is_capped_and_publish_never_blocks(make_bus: MakeBus) -> None:
    broker = Mosquitto()
    bus = make_bus(broker.port, outgoing_cap=100)
    bus.start()
    in_state(bus, BusState.WAITING)
    begin = time.monotonic()
    handles = [bus.publish("seq", str(i).encode()) for i in range(150)]
    assert time.monotonic() - begin < 1.0
    assert [handle.settled for handle in handles] == [False] * 100 + [True] * 50
    assert handles[-1].failure == "outgoing queue of 100 messages is full"
    assert (bus.health().dropped, bus.health().queued) == (50, 100)
    with broker:
        assert all(handle.wait(5) for handle in handles[:100])
        assert bus.publish("seq", b"again").wait(5)


def test_stuck_broker_blocks_nobody_and_keepalive_notices(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port, keepalive_s=1, outgoing_cap=50))
    broker.pause()
    begin = time.monotonic()
    for _ in range(200):
        bus.publish("x", b"y" * 1000)
    assert time.monotonic() - begin < 0.5
    assert bus.health().dropped >= 150
    eventually(lambda: bus.state is not BusState.CONNECTED, bus, timeout=6)
    broker.resume()
    eventually(lambda: bus.health().queued == 0 and bus.state is BusState.CONNECTED, bus)


def test_only_the_last_value_of_a_retained_topic_waits(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = make_bus(broker.port)
    handles = [bus.publish("health", str(i).encode(), retain=True) for i in range(50)]
    assert bus.health().queued == 1
    started(bus)
    assert handles[-1].wait(5)
    with BusClient(broker.port).subscribe_later("health") as peer:
        assert peer.wait_for("health")[0].payload == b"49"


def test_message_over_the_brokers_limit_is_dropped_and_not_resent_for_ever(make_bus: MakeBus) -> None:
    with Mosquitto(config=("max_packet_size 4000",)) as broker:
        bus = started(make_bus(broker.port))
        big = bus.publish("x", b"x" * 5000)
        assert big.wait(5) is False
        assert "at most 4000" in str(big.failure)
        assert bus.publish("x", b"small").wait(5)
        assert bus.health().connects == 1


def test_session_older_than_its_expiry_gives_no_stale_intents(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port, session_expiry_s=1), INTENT)
    bus.stop()
    with BusClient(broker.port) as peer:
        peer.publish(INTENT, "stale")
        threading.Event().wait(2.2)  # what is tested is that time passes
        bus.start()
        assert bus.wait_ready(5)
        peer.publish(INTENT, "fresh")
    assert next_on(bus, INTENT).payload == b"fresh"


def test_intent_sent_during_a_short_absence_is_delivered(broker: Mosquitto, make_bus: MakeBus) -> None:
    bus = started(make_bus(broker.port), INTENT)
    bus.stop()
    with BusClient(broker.port) as peer:
        peer.publish(INTENT, "meanwhile")
    bus.start()
    assert next_on(bus, INTENT).payload == b"meanwhile"
