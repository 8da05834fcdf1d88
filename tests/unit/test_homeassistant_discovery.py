from __future__ import annotations

import json
from typing import Any

import pytest

from edgeassist.conventions.homeassistant import HomeAssistant
from edgeassist.conventions.homeassistant.abbreviations import DEVICE, ENTITY
from edgeassist.home import Device
from tests.support.discovery import driver_of, entity, said, sent

SWITCH = {"command_topic": "a/set", "unique_id": "u1"}


def read(topic: str, payload: object) -> tuple[Device, ...]:
    return HomeAssistant().read(topic, json.dumps(payload).encode())


@pytest.mark.parametrize("topic", ["homeassistant/switch/a/config", "homeassistant/switch/node/a/config"])
def test_topic_with_and_without_node_id_is_read(topic: str) -> None:
    (device,) = read(topic, SWITCH)
    assert (device.kind, device.id) == ("switch", "switch.u1")


@pytest.mark.parametrize(
    "topic", ["homeassistant/switch/config", "other/switch/a/config", "homeassistant/a/b/c/d/config"]
)
def test_other_topic_is_refused(topic: str) -> None:
    with pytest.raises(ValueError, match="discovery topic"):
        read(topic, SWITCH)


def test_empty_payload_stands_for_no_device() -> None:
    assert HomeAssistant().read("homeassistant/switch/a/config", b"") == ()


def test_component_without_meaning_for_speech_is_left_out() -> None:
    assert read("homeassistant/update/a/config", SWITCH) == ()


@pytest.mark.parametrize("payload", [[], "text", 1, None])
def test_payload_that_is_no_object_is_refused(payload: object) -> None:
    with pytest.raises(ValueError, match="object"):
        read("homeassistant/switch/a/config", payload)


def test_abbreviations_expand_to_the_names_they_stand_for() -> None:
    assert len(ENTITY) > 270
    assert ENTITY["cmd_t"] == "command_topic"
    assert ENTITY["swing_h_mode_stat_tpl"] == "swing_horizontal_mode_state_template"
    assert DEVICE["sa"] == "suggested_area"


def test_short_and_long_announcement_make_the_same_device() -> None:
    short = {
        "name": "X",
        "uniq_id": "u",
        "cmd_t": "x/set",
        "stat_t": "x",
        "dev_cla": "outlet",
        "dev": {"ids": "i", "sa": "Attic"},
    }
    long = {
        "name": "X",
        "unique_id": "u",
        "command_topic": "x/set",
        "state_topic": "x",
        "device_class": "outlet",
        "device": {"identifiers": ["i"], "suggested_area": "Attic"},
    }
    assert read("homeassistant/switch/x/config", short) == read("homeassistant/switch/x/config", long)


def test_base_topic_is_put_in_at_either_end() -> None:
    (device,) = read("homeassistant/switch/x/config", {"~": "base/", "cmd_t": "~set", "stat_t": "x/~", "uniq_id": "u"})
    assert sent(device, {"power": "on"}) == [("base/set", "ON")]
    assert list(driver_of(device).state_topics) == ["x/base/"]


def test_base_topic_is_put_into_availability() -> None:
    payload = {"~": "base", "cmd_t": "~/set", "uniq_id": "u", "avty": [{"t": "~/here"}]}
    (device,) = read("homeassistant/switch/x/config", payload)
    assert list(driver_of(device).state_topics) == ["base/here"]


@pytest.mark.parametrize(
    ("device_name", "entity_name", "expected"),
    [
        ("Plug", None, "Plug"),
        ("Plug", "Left", "Plug Left"),
        ("Plug", "Plug left", "Plug left"),
        ("plug", "Plug Left", "Plug Left"),
        (None, "Left", "Left"),
        (None, None, "my thing"),
    ],
)
def test_name_follows_the_rules_of_home_assistant(
    device_name: str | None, entity_name: str | None, expected: str
) -> None:
    payload: dict[str, Any] = {**SWITCH, "name": entity_name}
    if device_name is not None:
        payload["device"] = {"name": device_name, "identifiers": ["i"]}
    (device,) = read("homeassistant/switch/my_thing/config", payload)
    assert device.name == expected


def test_sensor_without_a_name_is_named_by_its_class() -> None:
    payload = {"state_topic": "t", "device_class": "temperature", "device": {"name": "Porch", "identifiers": ["p"]}}
    (device,) = read("homeassistant/sensor/x/config", payload)
    assert device.name == "Porch Temperature"


@pytest.mark.parametrize(
    ("options", "is_offered"),
    [
        ({}, True),
        ({"enabled_by_default": False}, False),
        ({"en": False}, False),
        ({"entity_category": "config"}, False),
        ({"ent_cat": "diagnostic"}, False),
    ],
)
def test_hidden_and_service_entities_are_not_offered(options: dict[str, object], is_offered: bool) -> None:
    assert bool(read("homeassistant/switch/x/config", {**SWITCH, **options})) is is_offered


@pytest.mark.parametrize(
    ("device_class", "is_offered"), [("battery", True), ("temperature", True), ("signal_strength", False)]
)
def test_diagnostic_sensors_are_offered_when_people_ask_for_them(device_class: str, is_offered: bool) -> None:
    payload = {"state_topic": "t", "entity_category": "diagnostic", "device_class": device_class}
    assert bool(read("homeassistant/sensor/x/config", payload)) is is_offered


def test_identifiers_hold_unique_id_device_and_command_topics() -> None:
    payload = {
        **SWITCH,
        "device": {"identifiers": ["zigbee2mqtt_0x1"], "connections": [["mac", "aa:bb:cc"]]},
    }
    (device,) = read("homeassistant/switch/x/config", payload)
    assert device.identifiers == {"u1", "zigbee2mqtt_0x1", "aa_bb_cc", "a/set"}


def test_commands_are_never_retained_and_have_qos_one() -> None:
    device = entity("switch", command_topic="a/set", retain=True, qos=0)
    (message,) = driver_of(device).encode({"power": "on"}, {})
    assert message.qos == 1
    assert not hasattr(message, "retain")


def test_availability_topic_with_own_payloads_is_understood() -> None:
    device = entity("switch", command_topic="a/set", avty_t="a/here", pl_avail="yes", pl_not_avail="no")
    assert said(device, "a/here", "yes") == {"available": True}
    assert said(device, "a/here", "no") == {"available": False}
    assert said(device, "a/here", "maybe") == {}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("all", [True, False, False, True]), ("any", [True, True, True, True]), ("latest", [True, False, True, True])],
)
def test_availability_mode_decides_between_sources(mode: str, expected: list[bool]) -> None:
    sources = [{"topic": "bridge", "value_template": "{{ value_json.state }}"}, {"topic": "own"}]
    device = entity("switch", command_topic="a/set", availability=sources, availability_mode=mode)
    heard = [
        said(device, "bridge", '{"state":"online"}')["available"],
        said(device, "own", "offline")["available"],
        said(device, "bridge", '{"state":"online"}')["available"],
        said(device, "own", "online")["available"],
    ]
    assert heard == expected


def test_unknown_availability_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="availability mode"):
        entity("switch", command_topic="a/set", availability_topic="x", availability_mode="most")


def test_device_form_shares_options_and_keeps_components_apart() -> None:
    payload = {
        "dev": {"ids": ["d1"], "name": "Box", "sa": "Shed"},
        "o": {"name": "test"},
        "stat_t": "box/state",
        "cmps": {
            "a": {"p": "switch", "name": "A", "uniq_id": "a", "cmd_t": "box/a", "val_tpl": "{{ value_json.a }}"},
            "b": {"p": "sensor", "name": "B", "uniq_id": "b", "val_tpl": "{{ value_json.b }}"},
            "gone": {"p": "sensor"},
        },
    }
    switch, sensor = read("homeassistant/device/d1/config", payload)
    assert (switch.name, switch.area, sensor.name) == ("Box A", "Shed", "Box B")
    assert said(switch, "box/state", '{"a":"ON","b":7}') == {"power": "on"}
    assert said(sensor, "box/state", '{"a":"ON","b":7}') == {"reading": 7}


@pytest.mark.parametrize("topic", ["a/+/set", "a/#", "", "a\u0000b", "x" * 2000])
def test_command_topic_that_cannot_be_published_on_is_refused(topic: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        entity("switch", command_topic=topic)
