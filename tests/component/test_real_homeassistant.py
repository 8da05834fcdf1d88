"""The daemon and a real Home Assistant on one broker; ``make e2e-homeassistant`` says where it is."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.broker import Mosquitto, free_port
from tests.support.node import Node, Person

HASS = os.environ.get("EDGEASSIST_HASS")
pytestmark = [
    pytest.mark.skipif(HASS is None, reason="`make e2e-homeassistant` runs these"),
    pytest.mark.timeout(600),
]
_PATIENCE_S = 240.0
CONFIGURATION = """
homeassistant:
  name: Test
http:
  server_host: 127.0.0.1
  server_port: {http}
api:
mqtt_statestream:
  base_topic: ha
  publish_attributes: true
automation:
  - alias: say
    trigger: {{ platform: mqtt, topic: test/say }}
    action:
      service: text.set_value
      target: {{ entity_id: text.edgeassist_pi_intent }}
      data: {{ value: "{{{{ trigger.payload }}}}" }}
  - alias: lamp
    trigger: {{ platform: mqtt, topic: test/lamp }}
    action:
      service: light.turn_on
      target: {{ entity_id: light.ceiling_lamp }}
      data: {{ brightness_pct: 40 }}
"""
LAMP = {
    "name": "Ceiling Lamp",
    "unique_id": "lamp1",
    "object_id": "ceiling_lamp",
    "schema": "json",
    "brightness": True,
    "command_topic": "dev/lamp/set",
    "state_topic": "dev/lamp",
}


@pytest.fixture
def broker() -> Iterator[Mosquitto]:
    with Mosquitto() as mosquitto:
        yield mosquitto


@pytest.fixture
def home_assistant(broker: Mosquitto, tmp_path: Path) -> Iterator[None]:
    """Started, and set up to use the broker as if a person had clicked it together."""
    folder = tmp_path / "homeassistant"
    (folder / ".storage").mkdir(parents=True)
    (folder / "configuration.yaml").write_text(CONFIGURATION.format(http=free_port()))
    entry = {
        "entry_id": "broker",
        "version": 1,
        "domain": "mqtt",
        "title": "broker",
        "data": {"broker": "127.0.0.1", "port": broker.port, "discovery": True, "discovery_prefix": "homeassistant"},
        "options": {},
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "user",
        "unique_id": None,
        "disabled_by": None,
    }
    stored = {"version": 1, "minor_version": 1, "key": "core.config_entries", "data": {"entries": [entry]}}
    (folder / ".storage" / "core.config_entries").write_text(json.dumps(stored))
    assert HASS is not None
    with (tmp_path / "hass.log").open("wb") as log:
        process = subprocess.Popen([HASS, "-c", str(folder), "--skip-pip"], stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.mark.usefixtures("home_assistant")
def test_home_assistant_finds_us_speaks_to_us_and_its_devices_are_ours(broker: Mosquitto, tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    with Person(broker.port) as person, Node(tmp_path / "node", broker.port):
        person.subscribe("ha/#")
        person.publish("homeassistant/light/lamp1/config", json.dumps(LAMP), retain=True)
        person.online()
        _finds_our_entities(person)
        _sends_an_intent(person)
        _commands_a_device_that_we_see(person)
        held = {"/".join(heard.topic.split("/")[1:3]) for heard in person.heard if heard.topic.startswith("ha/")}
        print(f"Home Assistant holds {sorted(each for each in held if 'edgeassist' in each)}")


def _finds_our_entities(person: Person) -> None:
    for entity in ("text/edgeassist_pi_intent", "sensor/edgeassist_pi_result", "binary_sensor/edgeassist_pi_status"):
        person.wait_for(f"ha/{entity}/state", timeout=_PATIENCE_S)
    person.wait_for(
        lambda heard: heard.topic == "ha/binary_sensor/edgeassist_pi_status/state" and heard.payload == b"on",
        timeout=_PATIENCE_S,
    )


def _sends_an_intent(person: Person) -> None:
    person.publish("test/say", "do on desk lamp")
    person.wait_for(lambda heard: heard.topic == "dev/desk" and heard.payload == b"ON", timeout=60)
    person.wait_for(
        lambda heard: heard.topic == "ha/sensor/edgeassist_pi_result/state" and heard.payload == b"done", timeout=60
    )


def _commands_a_device_that_we_see(person: Person) -> None:
    person.publish("test/lamp", "on")
    (command,) = person.wait_for("dev/lamp/set", timeout=60)
    wanted = json.loads(command.payload)
    assert wanted == {"state": "ON", "brightness": 102}
    # The lamp obeys and reports.
    person.publish("dev/lamp", command.payload, retain=True)
    person.wait_for(lambda heard: heard.topic == "ha/light/ceiling_lamp/state" and heard.payload == b"on", timeout=60)
    said = person.ask("do is ceiling lamp")["say"]
    assert "on" in said
    assert "40 percent" in said
