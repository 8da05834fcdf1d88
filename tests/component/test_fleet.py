"""Three daemons on one broker: who answers what goes to any of them, and what is known of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from edgeassist.bus.topics import ANY_INTENT
from tests.support.broker import Mosquitto
from tests.support.bus_client import BusClient, Heard

NODES = ("one", "two", "three")
INTENTS = 60


class Node:
    """A daemon without a model: it answers every intent, with ``failed``."""

    def __init__(self, name: str, broker: Mosquitto, folder: Path) -> None:
        self.name = name
        places = {key: str(folder / name / key) for key in ("state", "cache", "models")}
        self.environ = os.environ | {
            "EDGEASSIST_NODE": name,
            "EDGEASSIST_MQTT__HOST": broker.host,
            "EDGEASSIST_MQTT__PORT": str(broker.port),
            **{f"EDGEASSIST_PATHS__{key.upper()}": place for key, place in places.items()},
        }
        self.log = folder / f"{name}.txt"
        for place in places.values():
            Path(place).mkdir(parents=True)
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "edgeassist", "run", "--config", os.devnull]
            self.process = subprocess.Popen(command, env=self.environ, stdout=log, stderr=log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def nodes(broker: Mosquitto, tmp_path: Path) -> Iterator[dict[str, Node]]:
    started = {name: Node(name, broker, tmp_path) for name in NODES}
    with BusClient(broker.port).subscribe_later("edgeassist/+/health") as client:
        client.wait_for(lambda heard: heard.topic.endswith("/health"), count=3, timeout=60)
    yield started
    for node in started.values():
        node.kill()


def test_fleet_with_a_killed_node_loses_no_intent(nodes: dict[str, Node], broker: Mosquitto) -> None:
    intents = [f"i{number}" for number in range(INTENTS)]
    with BusClient(broker.port).subscribe_later("edgeassist/+/action") as client:
        for number, id_ in enumerate(intents):
            if number == INTENTS // 3:
                nodes["two"].kill()
            if number == 2 * INTENTS // 3:
                nodes["two"].start()  # as systemd does
            client.publish(ANY_INTENT, json.dumps({"id": id_, "text": "turn on the light"}))
        # Each by its id: what the killed node had answered but not acknowledged may be answered again by another.
        answers = [answer for id_ in intents for answer in client.wait_for(partial(_answers, id_), timeout=60)]
    assert {json.loads(answer.payload)["node"] for answer in answers} == set(NODES)


def _answers(id_: str, heard: Heard) -> bool:
    return heard.topic.endswith("/action") and json.loads(heard.payload)["id"] == id_


def test_fleet_command_lists_every_node_with_its_condition(nodes: dict[str, Node], broker: Mosquitto) -> None:
    nodes["three"].kill()
    with BusClient(broker.port).subscribe_later("edgeassist/three/status") as client:
        client.wait_for(lambda heard: heard.payload == b"offline", timeout=60)
    command = [sys.executable, "-m", "edgeassist", "fleet", "--json", "--config", os.devnull]
    environ = nodes["one"].environ
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    rows = {row["node"]: row for row in json.loads(done.stdout)}
    assert {name: row["status"] for name, row in rows.items()} == {"one": "online", "two": "online", "three": "offline"}
    assert rows["one"]["version"]
    assert rows["one"]["model"] is None
    assert "model" in rows["one"]["degraded"][0]
    assert 0 <= rows["one"]["lag_s"] < 60
    command += ["--node", "three"]
    assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 1


def test_fleet_survives_what_a_stranger_retains(broker: Mosquitto) -> None:
    with BusClient(broker.port) as client:
        client.publish("edgeassist/broken/health", b"[[[", retain=True)
        client.publish("edgeassist/odd/health", b'{"mqtt": 3, "degraded": "x", "model": "\\u001b[2J"}', retain=True)
    command = [sys.executable, "-m", "edgeassist", "fleet", "--config", os.devnull]
    environ = os.environ | {"EDGEASSIST_MQTT__HOST": broker.host, "EDGEASSIST_MQTT__PORT": str(broker.port)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert "odd" in done.stdout
    assert "\x1b" not in done.stdout
