"""F16: a broker that is stopped and goes on later, and a cable that is pulled."""

from __future__ import annotations

import urllib.request
from pathlib import Path

from tests.support import invariants
from tests.support.broker import Mosquitto, free_port
from tests.support.node import Node, Person, until
from tests.support.proxy import Proxy

#: The least that the configuration takes; half of it again and the connection is given up.
KEEPALIVE_S = 5


def test_daemon_lives_through_a_stuck_broker_and_answers_after_it(
    home: Node, person: Person, broker: Mosquitto
) -> None:
    person.say("do on desk lamp", id_="before")
    broker.pause()
    threads = home.threads()
    until(lambda: home.running, 1)
    broker.resume()
    assert person.result("before")["outcome"] == "done"
    assert person.ask("do off desk lamp")["outcome"] == "done"
    assert person.commands("dev/desk") == ["ON", "OFF"]
    assert home.threads() <= threads + 8
    invariants.check_commands(person.heard)


def test_stuck_broker_blocks_no_worker_is_noticed_and_every_intent_is_answered_after_it(tmp_path: Path) -> None:
    port = free_port()
    with (
        Mosquitto() as broker,
        Person(broker.port) as person,
        Node(tmp_path, broker.port, _config(broker, port)) as node,
    ):
        person.online()
        asked = [person.say("do on desk lamp", source=source) for source in "ab" for _ in range(25)]
        broker.pause()
        # What it has heard is worked off although nobody takes the answers.
        until(lambda: _gauge(port, "queue") == 0)
        assert _gauge(port, "mqtt_queued") <= 4 * len(asked)
        until(lambda: _gauge(port, "up") == 0)
        assert node.running
        broker.resume()
        for id_ in asked:
            person.result(id_)


def test_pulled_cable_is_noticed_by_keepalive_and_the_next_connection_serves(tmp_path: Path) -> None:
    port = free_port()
    with (
        Mosquitto() as broker,
        Proxy(broker.port) as wire,
        Person(broker.port) as person,
        Node(tmp_path, wire.port, _config(wire, port)),
    ):
        person.online()
        assert person.ask("do on desk lamp")["outcome"] == "done"
        wire.hold()
        late = person.say("do off desk lamp")
        until(lambda: _gauge(port, "up") == 0)
        wire.cut()
        person.online(count=2)
        assert person.result(late)["outcome"] == "done"
        assert person.commands("dev/desk") == ["ON", "OFF"]


def _config(broker: Mosquitto | Proxy, metrics: int) -> str:
    mqtt = f'[mqtt]\nhost = "127.0.0.1"\nport = {broker.port}\nkeepalive = {KEEPALIVE_S}\n'
    return f"[metrics]\nport = {metrics}\n{mqtt}"


def _gauge(port: int, name: str) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(f"edgeassist_{name} "))
