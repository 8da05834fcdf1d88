"""Hermes, Wyoming and a sound file at a real daemon: a real model, a real Mosquitto, a home that obeys."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edgeassist.config import Config, HermesConfig, HomeConfig, MqttConfig, PathsConfig, WyomingConfig, load_config
from edgeassist.daemon import Daemon
from edgeassist.simulate.demo import running
from edgeassist.simulate.home import SimulatedHome
from tests.support.broker import Mosquitto, free_port
from tests.support.bus_client import BusClient
from tests.support.model import real_model

_ANSWERS = ("hermes/intent/", "hermes/nlu/intentNotRecognized", "hermes/error/nlu")


@contextmanager
def house(folder: Path, port: int) -> Iterator[BusClient]:
    home = folder / "home.toml"
    home.write_text(SimulatedHome.home_toml)
    usual = load_config()
    with Mosquitto() as broker, SimulatedHome(broker.host, broker.port):
        config = Config(
            node="met",
            mqtt=MqttConfig(host=broker.host, port=broker.port),
            home=HomeConfig(file=home),
            model=usual.model,
            hermes=HermesConfig(enabled=True, rooms={"den": "Bathroom"}),
            wyoming=WyomingConfig(enabled=True, port=port),
            paths=PathsConfig(state=folder, cache=usual.paths.cache, models=usual.paths.models),
        )
        with (
            running(Daemon(config)) as daemon,
            BusClient(broker.port).subscribe_later("hermes/#", "edgeassist/met/action") as client,
        ):
            assert daemon._worker.ready.wait(240)
            yield client


@pytest.mark.timeout(300)
def test_neighbours_and_plain_mqtt_are_answered_by_the_same_daemon(tmp_path: Path) -> None:
    real_model()
    port = free_port()
    with house(tmp_path, port) as client:
        query = {"input": "turn on the bathroom light", "siteId": "den", "sessionId": "s1", "id": "q1"}
        client.publish("hermes/nlu/query", json.dumps(query))
        (answer, *_) = client.wait_for(lambda heard: heard.topic.startswith(_ANSWERS), timeout=60)
        document = json.loads(answer.payload)
        assert (document["id"], document["siteId"], document["sessionId"]) == ("q1", "den", "s1")
        event = _converse(port, "turn off the bathroom light")
        assert event["type"] in {"handled", "not-handled"}
        results = [json.loads(heard.payload) for heard in client.wait_for("edgeassist/met/action", count=2)]
    assert [result["text"] for result in results] == ["turn on the bathroom light", "turn off the bathroom light"]
    assert event["data"]["text"] == results[1]["say"]


def _converse(port: int, text: str) -> dict[str, Any]:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection, connection.makefile("rb") as reader:
        connection.sendall(json.dumps({"type": "transcript", "data": {"text": text}}).encode() + b"\n")
        event: dict[str, Any] = json.loads(reader.readline())
        return {**event, "data": json.loads(reader.read(event["data_length"]))}
