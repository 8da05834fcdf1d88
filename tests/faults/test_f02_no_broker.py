"""F02: no broker at the start; it appears later."""

from __future__ import annotations

from pathlib import Path

from tests.support.broker import Mosquitto
from tests.support.manager import Manager
from tests.support.node import Node, Person


def test_daemon_is_ready_without_a_broker_and_connects_when_there_is_one(tmp_path: Path) -> None:
    broker = Mosquitto()
    node = Node(tmp_path, broker.port)
    try:
        with Manager(tmp_path) as manager:
            node.start(environ=manager.environ)
            manager.until("READY=1")
            manager.until("STATUS=waiting for broker")
            broker.start()
            with Person(broker.port) as person:
                person.present()
                assert person.ask("do on desk lamp")["outcome"] == "done"
    finally:
        node.kill()
        broker.close()
