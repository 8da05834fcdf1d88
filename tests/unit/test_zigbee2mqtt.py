from __future__ import annotations

import json

import pytest

from edgeassist.conventions.zigbee2mqtt import Zigbee2Mqtt
from edgeassist.errors import CommandError
from edgeassist.messages import Value
from tests.support.discovery import devices_of, registry_of, said, sent

DEVICES = devices_of("zigbee2mqtt_bridge")


def command(name: str, change: dict[str, Value], state: dict[str, Value] | None = None) -> dict[str, object]:
    ((_, payload),) = sent(DEVICES[name], change, state)
    wanted: dict[str, object] = json.loads(payload)
    return wanted


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("Kitchen ceiling", {"power": "on", "brightness": 50}, {"state": "ON", "brightness": 127}),
        ("Kitchen ceiling", {"power": "off"}, {"state": "OFF"}),
        ("Kitchen ceiling", {"color_temp": 2700}, {"color_temp": 370}),
        ("Kitchen ceiling", {"do": "toggle"}, {"state": "TOGGLE"}),
        ("living_room/lamp", {"color": (0, 0, 255)}, {"color": {"hue": 240.0, "saturation": 100.0}}),
        ("Wall switch left", {"power": "on"}, {"state_left": "ON"}),
        ("Bedroom curtain", {"opening": "open"}, {"state": "OPEN"}),
        ("Bedroom curtain", {"position": 30}, {"position": 30}),
        ("Bedroom curtain", {"do": "stop"}, {"state": "STOP"}),
        ("Front door", {"lock": "unlocked"}, {"state": "UNLOCK"}),
        ("Radiator", {"temperature": 21.5}, {"occupied_heating_setpoint": 21.5}),
        ("Radiator", {"mode": "auto"}, {"system_mode": "auto"}),
        ("Radiator", {"power": "off"}, {"system_mode": "off"}),
        ("Ceiling fan", {"percentage": 50}, {"fan_mode": "medium"}),
        ("Downlights", {"brightness": 100}, {"brightness": 254}),
    ],
)
def test_command_is_json_in_zigbee_terms(name: str, change: dict[str, Value], expected: dict[str, object]) -> None:
    assert command(name, change) == expected


def test_command_goes_to_the_set_topic_even_with_spaces_and_slashes() -> None:
    assert sent(DEVICES["living_room/lamp"], {"power": "on"})[0][0] == "zigbee2mqtt/living_room/lamp/set"


@pytest.mark.parametrize(
    ("name", "topic", "report", "expected"),
    [
        (
            "Kitchen ceiling",
            "Kitchen ceiling",
            {"state": "ON", "brightness": 254, "color_temp": 250},
            {"power": "on", "brightness": 100, "color_temp": 4000},
        ),
        ("Wall switch right", "Wall switch", {"state_left": "ON", "state_right": "OFF"}, {"power": "off"}),
        ("Bedroom curtain", "Bedroom curtain", {"state": "OPEN", "position": 40}, {"opening": "open", "position": 40}),
        ("Front door", "Front door", {"state": "LOCK"}, {"lock": "locked"}),
        (
            "Radiator",
            "Radiator",
            {"local_temperature": 19.2, "system_mode": "off"},
            {"current_temperature": 19.2, "mode": "off", "power": "off"},
        ),
        ("Ceiling fan", "Ceiling fan", {"fan_state": "ON", "fan_mode": "low"}, {"power": "on", "percentage": 33}),
        ("Window contact", "Window", {"contact": False}, {"contact": "on"}),
        ("Window contact", "Window", {"contact": True}, {"contact": "off"}),
        ("Motion occupancy", "Motion", {"occupancy": True}, {"contact": "on"}),
        ("Weather temperature", "Weather", {"temperature": -3.5}, {"reading": -3.5}),
        ("Window battery", "Window", {"battery": 80}, {"reading": 80, "battery": 80}),
        ("Kitchen ceiling", "Kitchen ceiling", {"linkquality": 3}, {}),
    ],
)
def test_report_is_read(name: str, topic: str, report: dict[str, object], expected: dict[str, object]) -> None:
    assert said(DEVICES[name], f"zigbee2mqtt/{topic}", json.dumps(report)) == expected


def test_availability_needs_bridge_and_device() -> None:
    lamp = devices_of("zigbee2mqtt_bridge")["Kitchen ceiling"]
    assert said(lamp, "zigbee2mqtt/Kitchen ceiling/availability", '{"state":"online"}') == {"available": True}
    assert said(lamp, "zigbee2mqtt/bridge/state", '{"state":"offline"}') == {"available": False}
    assert said(lamp, "zigbee2mqtt/bridge/state", "online") == {"available": True}


def test_lamp_says_what_it_will_report() -> None:
    registry = registry_of("zigbee2mqtt_bridge")
    fan = next(device for device in registry.snapshot().devices if device.kind == "fan")
    assert registry.attainable(fan.id, {"percentage": 50}) == {"percentage": 67}


def test_thing_that_a_device_lacks_is_refused() -> None:
    with pytest.raises(CommandError, match="color"):
        command("Kitchen ceiling", {"color": (1, 2, 3)})


@pytest.mark.parametrize(
    "payload",
    [
        b"{}",
        b"[1]",
        b'[{"ieee_address":1.5,"friendly_name":"x","definition":{"exposes":[{"type":"light","features":[]}]}}]',
        b"\xff",
        b"[",
    ],
)
def test_unreadable_announcement_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Zigbee2Mqtt().read("zigbee2mqtt/bridge/devices", payload)


def test_group_has_its_members_and_what_they_can_do() -> None:
    group = DEVICES["Downlights"]
    assert set(group.members) == {DEVICES["Kitchen ceiling"].id, DEVICES["living_room/lamp"].id}
    assert group.capabilities == {"brightness", "color", "color_temp"}
    assert DEVICES["Walls"].kind == "switch"
