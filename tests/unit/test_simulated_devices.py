"""Round trips: what a driver sends, a simulated product obeys; what the product reports, the driver reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeassist.conventions import load
from edgeassist.home.match import satisfied
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import HomeFile, load_home
from edgeassist.messages import Value
from edgeassist.simulate.catalogue import HOME_TOML, products
from edgeassist.simulate.device import Simulated

LAMP = "light.0x00158d0001a2b3c2_light_zigbee2mqtt"
CURTAINS = "cover.0x00158d0001a2b3c5_cover_zigbee2mqtt"
THERMOSTAT = "climate.0x00158d0001a2b3c7_climate_zigbee2mqtt"
TV = "media_player.living_room_tv"
PERCENT = st.integers(1, 100)
COLORS = st.tuples(*[st.integers(0, 255)] * 3).filter(lambda color: max(color) > 60 and max(color) - min(color) > 60)


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> HomeFile:
    path: Path = tmp_path_factory.mktemp("home") / "home.toml"
    path.write_text(HOME_TOML)
    return load_home(path)


class Bus:
    """The simulated products and the registry, joined without a broker."""

    def __init__(self, declared: HomeFile) -> None:
        self.products: dict[str, Simulated] = {product.device_id: product for product in products()}
        self.registry = HomeRegistry(load(), declared)
        for product in self.products.values():
            for topic, config in product.announcements.items():
                self.registry.announce(topic, json.dumps(config).encode())
        for product in self.products.values():
            self._report(product.reports())

    def obey(self, device_id: str, change: dict[str, Value]) -> dict[str, Value]:
        """What the device should become; everything that the change leads to has happened."""
        expected = self.registry.attainable(device_id, change)
        device = self.registry.snapshot().by_id[device_id]
        assert device.driver is not None
        for message in device.driver.encode(change, self.registry.state(device_id)):
            for product in self.products.values():
                if message.topic in product.commands:
                    self._report(product.handle(message.topic, message.payload.decode()))
        return expected

    def _report(self, messages: list[tuple[str, str]]) -> None:
        for topic, payload in messages:
            self.registry.report(topic, payload.encode())


@pytest.fixture
def bus(declared: HomeFile) -> Bus:
    return Bus(declared)


def test_every_product_is_discovered_and_nothing_else(bus: Bus) -> None:
    assert {device.id for device in bus.registry.snapshot().devices} == set(bus.products)
    assert len(bus.products) >= 25
    assert bus.registry.unreadable == 0


def test_home_has_two_floors_and_every_device_a_known_area(bus: Bus) -> None:
    home = bus.registry.snapshot()
    assert len(home.floors) == 2
    assert {device.area for device in home.devices if device.kind != "scene"} <= {area.name for area in home.areas}


def test_every_kind_of_the_contract_that_acts_is_there(bus: Bus) -> None:
    kinds = {device.kind for device in bus.registry.snapshot().devices}
    assert kinds >= {
        "light",
        "switch",
        "fan",
        "cover",
        "valve",
        "lock",
        "climate",
        "vacuum",
        "scene",
        "siren",
        "sensor",
        "media_player",
    }


CHANGES: list[tuple[str, dict[str, Value]]] = [
    (LAMP, {"power": "on"}),
    (LAMP, {"brightness": 40}),
    (LAMP, {"color": (255, 0, 0)}),
    (LAMP, {"color_temp": 2700}),
    ("light.kitchen_counter", {"brightness": 30, "color": (0, 0, 255)}),
    ("light.bedroom_lamp", {"brightness": 25, "color": (0, 255, 0)}),
    ("light.hall_light", {"do": "toggle"}),
    ("switch.kitchen_coffee", {"power": "on"}),
    ("fan.bedroom_fan", {"percentage": 60}),
    ("fan.bedroom_fan", {"power": "on"}),
    ("cover.living_room_cover", {"position": 40}),
    ("cover.garage_cover", {"opening": "open"}),
    ("cover.office_shutter", {"position": 30}),
    ("cover.office_shutter", {"opening": "open"}),
    (CURTAINS, {"position": 70}),
    ("valve.garden_sprinkler", {"opening": "open"}),
    ("lock.0x00158d0001a2b3c6_lock_zigbee2mqtt", {"lock": "unlocked"}),
    (THERMOSTAT, {"temperature": 21.3}),
    (THERMOSTAT, {"mode": "auto"}),
    (THERMOSTAT, {"power": "off"}),
    ("vacuum.robot01", {"activity": "cleaning"}),
    ("siren.hall_siren", {"power": "on"}),
    (TV, {"power": "on"}),
    (TV, {"volume": 44}),
    (TV, {"muted": True}),
    (TV, {"playback": "playing"}),
]


@pytest.mark.parametrize(("device_id", "change"), CHANGES)
def test_change_arrives_and_is_reported(bus: Bus, device_id: str, change: dict[str, Value]) -> None:
    expected = bus.obey(device_id, change)
    assert expected
    assert satisfied(expected, bus.registry.state(device_id)), bus.registry.state(device_id)
    assert satisfied(
        {prop: value for prop, value in expected.items() if prop != "power"}, bus.products[device_id].state
    )


def test_change_is_not_seen_before_it_is_obeyed(bus: Bus) -> None:
    unfulfilled = [
        each for each, change in CHANGES if satisfied(bus.registry.attainable(each, change), bus.registry.state(each))
    ]
    assert unfulfilled == []


@pytest.mark.parametrize("device_id", [LAMP, "light.kitchen_counter", "light.bedroom_lamp"])
@settings(max_examples=60)
@given(brightness=PERCENT, color=COLORS)
def test_any_brightness_and_colour_survive_the_round_trip(
    declared: HomeFile, device_id: str, brightness: int, color: tuple[int, int, int]
) -> None:
    bus = Bus(declared)
    bus.obey(device_id, {"brightness": brightness, "color": color})
    assert satisfied({"power": "on", "brightness": brightness}, bus.registry.state(device_id))
    if device_id != LAMP:
        assert satisfied({"color": color}, bus.registry.state(device_id))


@pytest.mark.parametrize("device_id", ["cover.living_room_cover", "cover.office_shutter", CURTAINS])
@settings(max_examples=40)
@given(position=st.integers(0, 100))
def test_any_position_survives_the_round_trip(declared: HomeFile, device_id: str, position: int) -> None:
    bus = Bus(declared)
    bus.obey(device_id, {"position": position})
    assert bus.registry.state(device_id)["position"] == position
    assert bus.products[device_id].state["position"] == position


@settings(max_examples=40)
@given(percentage=PERCENT, volume=PERCENT, temperature=st.floats(5, 30))
def test_any_level_is_reported_as_it_was_foretold(
    declared: HomeFile, percentage: int, volume: int, temperature: float
) -> None:
    bus = Bus(declared)
    for device_id, change in (
        ("fan.bedroom_fan", {"percentage": percentage}),
        (TV, {"volume": volume}),
        (THERMOSTAT, {"temperature": temperature}),
    ):
        assert satisfied(bus.obey(device_id, dict(change)), bus.registry.state(device_id))


def test_scene_is_pressed_once(bus: Bus) -> None:
    bus.obey("scene.movie_night", {"do": "press"})
    assert bus.products["scene.movie_night"].pressed == 1


def test_payload_that_a_product_does_not_know_changes_nothing(bus: Bus) -> None:
    for product in bus.products.values():
        before = dict(product.state)
        for topic in product.commands:
            product.handle(topic, "nonsense")
        assert product.state == before
