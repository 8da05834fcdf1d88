"""The simulated home on a real Mosquitto."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from edgeassist.conventions import load
from edgeassist.errors import BusError
from edgeassist.home.match import satisfied
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import load_home
from edgeassist.messages import Value
from edgeassist.simulate import SimulatedHome

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    assert MOSQUITTO is not None, "mosquitto is not installed"
    number = free_port()
    config = tmp_path_factory.mktemp("broker") / "mosquitto.conf"
    config.write_text(f"listener {number} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n")
    with subprocess.Popen([MOSQUITTO, "-c", str(config)], stderr=subprocess.DEVNULL) as broker:
        _wait_until_open(number)
        yield number
        broker.terminate()


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("the broker does not listen")


class Watcher:
    """A registry on the bus, in a few lines: the daemon's job."""

    def __init__(self, port: int, home_toml: str, folder: Path) -> None:
        path = folder / "home.toml"
        path.write_text(home_toml)
        self.registry = HomeRegistry(load(), load_home(path))
        self._subscribed: set[str] = set()
        self.client = Client(CallbackAPIVersion.VERSION2)
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", port)
        self.client.subscribe([(topic, 1) for topic in self.registry.announcement_topics])
        self._follow()
        self.client.loop_start()

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        payload = bytes(message.payload)
        self.registry.report(message.topic, payload)
        if self.registry.announce(message.topic, payload):
            self._follow()

    def _follow(self) -> None:
        for topic in self.registry.state_topics() - self._subscribed:
            self._subscribed.add(topic)
            self.client.subscribe(topic, 1)

    def send(self, device_id: str, change: dict[str, Value]) -> bool:
        device = self.registry.snapshot().by_id[device_id]
        expected = self.registry.attainable(device_id, change)
        assert device.driver is not None
        for message in device.driver.encode(change, self.registry.state(device_id)):
            self.client.publish(message.topic, message.payload, message.qos)
        return bool(self.registry.wait_for([device_id], lambda _, state: satisfied(expected, state), 5))

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def home(port: int) -> Iterator[SimulatedHome]:
    with SimulatedHome("127.0.0.1", port) as simulated:
        yield simulated
        simulated.forget()


@pytest.fixture
def watcher(port: int, home: SimulatedHome, tmp_path: Path) -> Iterator[Watcher]:
    watching = Watcher(port, home.home_toml, tmp_path)
    silent = [each for each in home.device_ids if each.split(".")[0] not in {"scene", "button"}]
    heard = watching.registry.wait_for(silent, lambda _, state: bool(state), 10)
    assert heard == set(silent)
    yield watching
    watching.stop()


def test_home_is_discovered_with_states_and_availability(home: SimulatedHome, watcher: Watcher) -> None:
    found = watcher.registry.snapshot()
    assert {device.id for device in found.devices} == set(home.device_ids)
    assert all(watcher.registry.available(device.id) for device in found.devices)


@pytest.mark.parametrize(
    ("device_id", "change"),
    [
        ("light.0x00158d0001a2b3c2_light_zigbee2mqtt", {"brightness": 40}),
        ("light.bedroom_lamp", {"color": (255, 0, 0)}),
        ("cover.garage_cover", {"opening": "open"}),
        ("lock.0x00158d0001a2b3c6_lock_zigbee2mqtt", {"lock": "unlocked"}),
        ("media_player.living_room_tv", {"volume": 60}),
        ("vacuum.robot01", {"activity": "cleaning"}),
    ],
)
def test_command_is_obeyed_and_verified(
    home: SimulatedHome, watcher: Watcher, device_id: str, change: dict[str, Value]
) -> None:
    assert not satisfied(change, watcher.registry.state(device_id))
    assert watcher.send(device_id, change)
    assert satisfied(change, home.state(device_id))


def test_device_that_goes_away_becomes_unavailable(watcher: Watcher, home: SimulatedHome) -> None:
    watcher.registry.snapshot()
    home.stop()
    lamp = "light.kitchen_counter"
    gone = watcher.registry.wait_for([lamp], lambda device_id, _: not watcher.registry.available(device_id), 5)
    assert gone == {lamp}


def test_broker_that_is_not_there_is_a_bus_error() -> None:
    with pytest.raises(BusError, match="no broker at"):
        SimulatedHome("127.0.0.1", free_port()).start()
