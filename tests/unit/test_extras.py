"""What devices can do beyond our functions is not mistaken for what we ask of them."""

from __future__ import annotations

import json

from edgeassist.conventions import load
from edgeassist.home.registry import HomeRegistry
from tests.support.discovery import driver_of, entity, said, sent


def test_tilt_of_a_cover_is_not_its_position() -> None:
    cover = entity(
        "cover", command_topic="c/set", position_topic="c", set_position_topic="c/pos", tilt_command_topic="c/tilt/set",
        tilt_status_topic="c/tilt", tilt_min=0, tilt_max=180,
    )  # fmt: skip
    assert cover.capabilities == {"position", "stop"}
    assert sent(cover, {"position": 40}) == [("c/pos", "40")]
    assert "c/tilt" not in driver_of(cover).state_topics


def test_cover_that_only_tilts_takes_no_position() -> None:
    assert entity("cover", tilt_command_topic="c/tilt/set", tilt_status_topic="c/tilt").capabilities == frozenset()


def test_presets_and_a_second_set_point_leave_the_set_point_alone() -> None:
    climate = entity(
        "climate", mode_command_topic="t/mode/set", mode_state_topic="t/mode", modes=["off", "heat", "heat_cool"],
        temperature_command_topic="t/temp/set", temperature_state_topic="t/temp",
        temperature_high_command_topic="t/high/set", temperature_high_state_topic="t/high",
        temperature_low_command_topic="t/low/set", temperature_low_state_topic="t/low",
        preset_mode_command_topic="t/preset/set", preset_mode_state_topic="t/preset", preset_modes=["eco", "away"],
        fan_mode_command_topic="t/fan/set", swing_mode_command_topic="t/swing/set",
    )  # fmt: skip
    assert climate.capabilities == {"temperature", "mode"}
    assert climate.modes == ("off", "heat", "heat_cool")
    assert sent(climate, {"temperature": 21.0}) == [("t/temp/set", "21")]
    assert said(climate, "t/temp", "20.5") == {"temperature": 20.5}
    assert said(climate, "t/high", "24") == said(climate, "t/low", "19") == {}
    assert "t/preset" not in driver_of(climate).state_topics


def test_presets_oscillation_and_direction_of_a_fan_are_not_its_speed() -> None:
    fan = entity(
        "fan", command_topic="f/set", state_topic="f", percentage_command_topic="f/speed/set",
        percentage_state_topic="f/speed", speed_range_max=4, preset_mode_command_topic="f/preset/set",
        preset_mode_state_topic="f/preset", preset_modes=["auto", "sleep"], oscillation_command_topic="f/osc/set",
        oscillation_state_topic="f/osc", direction_command_topic="f/dir/set",
    )  # fmt: skip
    assert fan.capabilities == {"percentage"}
    assert sent(fan, {"percentage": 50}, {"power": "on"}) == [("f/speed/set", "2")]
    assert said(fan, "f/speed", "4") == {"percentage": 100}


def test_fan_of_zigbee2mqtt_with_a_numbered_speed_takes_percent() -> None:
    features = [
        {"type": "binary", "name": "state", "property": "state", "access": 7, "value_on": "ON", "value_off": "OFF"},
        {"type": "numeric", "name": "speed", "property": "speed", "access": 7, "value_min": 1, "value_max": 9},
        {"type": "enum", "name": "mode", "property": "fan_mode", "access": 7, "values": ["auto", "smart"]},
    ]
    device = {
        "friendly_name": "Purifier", "ieee_address": "0x01", "type": "Router", "supported": True, "disabled": False,
        "definition": {"exposes": [{"type": "fan", "features": features}]},
    }  # fmt: skip
    registry = HomeRegistry(load())
    registry.announce("zigbee2mqtt/bridge/devices", json.dumps([device]).encode())
    (fan,) = registry.snapshot().devices
    assert fan.capabilities == {"percentage"}
    assert sent(fan, {"percentage": 100}) == [("zigbee2mqtt/Purifier/set", '{"speed": 9}')]
    assert said(fan, "zigbee2mqtt/Purifier", '{"state": "ON", "speed": 3}') == {"power": "on", "percentage": 33}
