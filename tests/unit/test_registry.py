from __future__ import annotations

import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from edgeassist.bus.topics import matches
from edgeassist.conventions import load
from edgeassist.home import Device
from edgeassist.home import registry as registry_module
from edgeassist.home.match import satisfied
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import HomeFile, load_home
from tests.support.discovery import registry_of, sent

SWITCH = {
    "name": "Pump",
    "unique_id": "pump",
    "command_topic": "pump/set",
    "state_topic": "pump",
    "avty_t": "pump/here",
}
TOPIC = "homeassistant/switch/pump/config"


def announced(options: dict[str, object] | None = None, declared: HomeFile | None = None) -> HomeRegistry:
    registry = HomeRegistry(load(), declared)
    registry.announce(TOPIC, json.dumps({**SWITCH, **(options or {})}).encode())
    return registry


def declared(tmp_path: Path, source: str) -> HomeFile:
    path = tmp_path / "home.toml"
    path.write_text(source)
    return load_home(path)


def test_announcement_changes_the_home_once() -> None:
    registry = HomeRegistry(load())
    payload = json.dumps(SWITCH).encode()
    assert registry.announce(TOPIC, payload) is True
    assert registry.announce(TOPIC, payload) is False
    assert registry.announce(TOPIC, b"") is True
    assert registry.announce(TOPIC, b"") is False


def test_change_that_nobody_sees_is_none() -> None:
    registry = announced()
    assert registry.announce(TOPIC, json.dumps({**SWITCH, "icon": "mdi:pump"}).encode()) is False


def test_change_of_a_state_topic_is_a_change() -> None:
    registry = announced()
    assert registry.announce(TOPIC, json.dumps({**SWITCH, "state_topic": "other"}).encode()) is True
    assert registry.state_topics() == {"other", "pump/here"}


def test_change_of_a_payload_reaches_the_driver() -> None:
    registry = announced()
    registry.announce(TOPIC, json.dumps({**SWITCH, "payload_on": "1"}).encode())
    assert sent(registry.snapshot().devices[0], {"power": "on"}) == [("pump/set", "1")]


def test_snapshot_is_the_same_object_until_something_changes() -> None:
    registry = announced()
    home = registry.snapshot()
    registry.report("pump", b"ON")
    assert registry.snapshot() is home
    registry.announce(TOPIC, b"")
    assert registry.snapshot() is not home


def test_report_updates_state_and_names_the_device() -> None:
    registry = announced()
    registry.snapshot()
    assert registry.report("pump", b"ON") == {"switch.pump"}
    assert registry.state("switch.pump") == {"power": "on"}
    assert registry.report("elsewhere", b"ON") == frozenset()


def test_device_is_available_until_something_says_otherwise() -> None:
    registry = announced()
    assert registry.available("switch.pump")
    registry.report("pump/here", b"offline")
    assert not registry.available("switch.pump")
    assert registry.state("switch.pump") == {}
    assert not registry.available("switch.unknown")


def test_state_survives_a_new_announcement() -> None:
    registry = announced()
    registry.report("pump", b"ON")
    registry.announce(TOPIC, json.dumps({**SWITCH, "name": "Pond pump"}).encode())
    assert registry.state("switch.pump") == {"power": "on"}


def test_device_announced_after_its_report_knows_it() -> None:
    registry = announced()
    registry.report("pump", b"ON")
    other = {"name": "Twin", "unique_id": "twin", "command_topic": "twin/set", "state_topic": "pump"}
    registry.announce("homeassistant/switch/twin/config", json.dumps(other).encode())
    assert registry.state("switch.twin") == {"power": "on"}


def test_unreadable_announcements_are_counted_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    registry = HomeRegistry(load())
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert registry.announce("homeassistant/switch/\x1b[31mx/config", b"{") is False
    assert registry.unreadable == 3
    (record,) = caplog.records
    assert "\x1b" not in record.getMessage()


def test_unreadable_announcement_leaves_the_device_as_it_was() -> None:
    registry = announced()
    registry.announce(TOPIC, b"{")
    assert [device.id for device in registry.snapshot().devices] == ["switch.pump"]


def test_unreadable_report_is_counted_and_changes_nothing() -> None:
    registry = announced({"value_template": "{{ value | float + 1 / 0 }}"})
    assert registry.report("pump", b"ON") == frozenset()
    assert registry.unreadable == 1


def test_number_of_devices_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_module, "MAX_DEVICES", 3)
    registry = HomeRegistry(load())
    for number in range(5):
        registry.announce(
            f"homeassistant/switch/{number}/config", json.dumps({**SWITCH, "unique_id": str(number)}).encode()
        )
    assert len(registry.snapshot().devices) == 3


def test_names_are_cut_and_freed_of_control_characters() -> None:
    registry = announced({"name": "A\x1b[2J\nB" + "x" * 500})
    (device,) = registry.snapshot().devices
    assert device.name.startswith("A [2J B")
    assert len(device.name) <= 120


def test_two_devices_with_one_id_get_two() -> None:
    registry = HomeRegistry(load())
    for number in range(2):
        payload = {"name": f"S{number}", "unique_id": "s " + "-" * number, "command_topic": f"s{number}/set"}
        registry.announce(f"homeassistant/switch/s{number}/config", json.dumps(payload).encode())
    assert sorted(registry.snapshot().by_id) == ["switch.s", "switch.s_2"]


def names(registry: HomeRegistry, kind: str) -> list[str]:
    return [device.name for device in registry.snapshot().devices if device.kind == kind]


@pytest.mark.parametrize(
    "order", [("zigbee2mqtt_homeassistant", "zigbee2mqtt_bridge"), ("zigbee2mqtt_bridge", "zigbee2mqtt_homeassistant")]
)
def test_device_announced_both_ways_is_one(order: tuple[str, str]) -> None:
    registry = registry_of(*order)
    assert sorted(names(registry, "light")) == [
        "Closet",
        "Downlights",
        "Kitchen ceiling",
        "LED strip",
        "Pantry",
        "lamp",
    ]
    assert sorted(names(registry, "switch")) == ["Office plug", "Wall switch Left", "Wall switch Right", "Walls"]
    assert names(registry, "lock") == ["Front door"]
    assert names(registry, "climate") == ["Radiator"]
    areas = {device.name: device.area for device in registry.snapshot().devices}
    assert (areas["Kitchen ceiling"], areas["lamp"]) == ("Kitchen", "Living Room")


def test_group_announced_both_ways_keeps_name_area_and_members() -> None:
    registry = registry_of("zigbee2mqtt_bridge", "zigbee2mqtt_homeassistant")
    home = registry.snapshot()
    (group,) = [device for device in home.devices if device.name == "Downlights"]
    assert group.area == "Kitchen"
    assert {home.by_id[member].name for member in group.members} == {"Kitchen ceiling", "lamp"}


def test_same_home_has_the_same_digest_whatever_the_order() -> None:
    one = registry_of("zigbee2mqtt_bridge", "zigbee2mqtt_homeassistant", "esphome")
    other = registry_of("esphome", "zigbee2mqtt_homeassistant", "zigbee2mqtt_bridge")
    assert one.snapshot().digest == other.snapshot().digest


def test_suggested_area_is_created_and_declared_one_is_recognised(tmp_path: Path) -> None:
    home = declared(tmp_path, '[[floor]]\nname="Down"\n[[area]]\nname="Garden"\nfloor="Down"\naliases=["yard"]\n')
    registry = announced({"device": {"ids": ["p"], "sa": "YARD"}}, home)
    assert registry.snapshot().devices[0].area == "Garden"
    registry = announced({"device": {"ids": ["p"], "sa": "Cellar"}}, home)
    assert [area.name for area in registry.snapshot().areas] == ["Garden", "Cellar"]


@pytest.mark.parametrize(
    ("area", "expected"), [("Living Room", ("lamp", "Living Room")), ("Office", ("living_room/lamp", None))]
)
def test_prefix_of_a_zigbee_name_is_its_area_where_there_is_one(
    tmp_path: Path, area: str, expected: tuple[str, str | None]
) -> None:
    registry = HomeRegistry(load(), declared(tmp_path, f'[[area]]\nname="{area}"\n'))
    expose = {"type": "light", "features": [{"name": "state", "property": "state", "access": 7}]}
    entry = {"ieee_address": "0x1", "friendly_name": "living_room/lamp", "definition": {"exposes": [expose]}}
    registry.announce("zigbee2mqtt/bridge/devices", json.dumps([entry]).encode())
    (device,) = registry.snapshot().devices
    assert (device.name, device.area) == expected


def override(tmp_path: Path, body: str) -> list[Device]:
    return list(announced(declared=declared(tmp_path, f'[[override]]\nmatch = "pump"\n{body}\n')).snapshot().devices)


def test_override_changes_what_it_names(tmp_path: Path) -> None:
    (device,) = override(
        tmp_path, 'name="Fountain"\narea="Garden"\naliases=["waterworks"]\nkind="valve"\nrisk="confirm"'
    )
    assert (device.name, device.area, device.aliases, device.kind, device.risk) == (
        "Fountain",
        "Garden",
        ("waterworks",),
        "valve",
        "confirm",
    )


def test_override_can_exclude(tmp_path: Path) -> None:
    assert override(tmp_path, "exclude = true") == []


def test_override_matches_the_id_too(tmp_path: Path) -> None:
    registry = announced(declared=declared(tmp_path, '[[override]]\nmatch = "switch.pump"\nname = "X"\n'))
    assert registry.snapshot().devices[0].name == "X"


def test_declared_device_wins_over_its_announcement(tmp_path: Path) -> None:
    home = declared(tmp_path, '[[device]]\nname="My pump"\nkind="switch"\narea="Pond"\ncommand_topic="pump/set"\n')
    assert [(device.name, device.area) for device in announced(declared=home).snapshot().devices] == [
        ("My pump", "Pond")
    ]


def test_wait_for_returns_when_the_state_comes() -> None:
    registry = announced()
    registry.snapshot()
    reporter = threading.Thread(target=registry.report, args=("pump", b"ON"))
    started = time.monotonic()
    reporter.start()
    found = registry.wait_for(["switch.pump"], lambda _, state: satisfied({"power": "on"}, state), 5)
    reporter.join()
    assert found == {"switch.pump"}
    assert time.monotonic() - started < 2


def test_wait_for_names_those_that_came_in_time() -> None:
    registry = announced()
    registry.report("pump", b"ON")
    started = time.monotonic()
    found = registry.wait_for(["switch.pump", "switch.none"], lambda _, state: state.get("power") == "on", 0.05)
    assert found == {"switch.pump"}
    assert 0.04 < time.monotonic() - started < 1


def test_toggle_is_verified_by_the_opposite_state() -> None:
    registry = announced()
    registry.report("pump", b"ON")
    assert registry.attainable("switch.pump", {"do": "toggle"}) == {"power": "off"}


def test_concurrent_use_is_safe() -> None:
    registry = HomeRegistry(load())

    def announce(base: int) -> None:
        for number in range(base, base + 40):
            options = {**SWITCH, "unique_id": f"u{number}", "state_topic": f"t{number}"}
            registry.announce(f"homeassistant/switch/u{number}/config", json.dumps(options).encode())
            registry.report(f"t{number}", b"ON")
            registry.snapshot()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(announce, range(0, 160, 40)))
    assert len(registry.snapshot().devices) == 160
    assert all(registry.state(device.id) == {"power": "on"} for device in registry.snapshot().devices)


@pytest.mark.parametrize(
    ("wanted", "topic", "expected"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/+", "a/b/c", False),
        ("+/b", "$SYS/b", False),
        ("a/b", "a/b", True),
        ("a/b/c", "a/b", False),
    ],
)
def test_topic_filters_match_as_mqtt_says(wanted: str, topic: str, expected: bool) -> None:
    assert matches(wanted, topic) is expected


def test_report_of_any_gateway_reaches_the_device_whose_topic_has_a_plus() -> None:
    registry = HomeRegistry(load())
    options = {"name": "Cellar", "uniq_id": "c", "stat_t": "+/+/BTtoMQTT/A4C138", "val_tpl": "{{ value_json.tempc }}"}
    registry.announce("homeassistant/sensor/c/config", json.dumps(options).encode())
    (device,) = registry.snapshot().devices
    assert registry.state_topics() == {"+/+/BTtoMQTT/A4C138"}
    assert registry.report("home/OMG_2/BTtoMQTT/A4C138", b'{"tempc": 12.5}') == {device.id}
    assert registry.state(device.id) == {"reading": 12.5}
    assert registry.report("home/OMG_2/BTtoMQTT/FFFFFF", b'{"tempc": 1}') == frozenset()
    registry.announce("homeassistant/sensor/c/config", b"")
    assert registry.report("home/OMG_2/BTtoMQTT/A4C138", b'{"tempc": 12.5}') == frozenset()


@pytest.mark.parametrize(
    ("key", "topic"),
    [
        ("state_topic", "#"),
        ("state_topic", "+/+/+"),
        ("state_topic", "+/pi/intent"),
        ("state_topic", "edgeassist/+/action"),
        ("state_topic", "+/+/confirm/+"),
        ("state_topic", "a/b+/c"),
        ("state_topic", "edgeassist/pi/intent"),
        ("command_topic", "edgeassist/pi/confirm/1"),
        ("command_topic", "edgeassist/any/intent"),
        ("command_topic", "pump/+/set"),
        ("command_topic", "$SYS/broker"),
    ],
)
def test_device_on_topics_of_ours_or_of_everybody_is_none(key: str, topic: str) -> None:
    registry = announced({key: topic, "payload_on": "yes"})
    assert registry.snapshot().devices == ()
    assert registry.unreadable == 1
    assert registry.state_topics() == set()


@pytest.mark.parametrize(
    ("topic", "owned"),
    [
        ("pump/set", True), ("pump", True), ("zigbee2mqtt/bridge/request/device/remove", True),
        ("tasmota/discovery/AABB/config", True), ("homeassistant/light/x/config", True), ("answers/me", False),
        ("pumps", False), ("pump/1/me", False),
    ],
)  # fmt: skip
def test_topics_of_devices_and_of_those_who_announce_them_are_owned(topic: str, owned: bool) -> None:
    assert announced().owns(topic) is owned


def test_topic_beside_the_commands_of_a_device_is_owned() -> None:
    registry = announced({"command_topic": "cmnd/pump/POWER"})
    assert registry.owns("cmnd/pump/Backlog")
    assert not registry.owns("cmnd/other/Backlog")
