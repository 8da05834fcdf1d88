"""Whatever is announced or reported, ValueError is the only thing that comes out of a convention."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeassist.conventions import load
from edgeassist.conventions.homeassistant.abbreviations import ENTITY
from edgeassist.conventions.homeassistant.discovery import BUILDERS
from edgeassist.errors import CommandError
from edgeassist.home import Device
from edgeassist.home.registry import HomeRegistry
from edgeassist.messages import Value
from tests.support.discovery import FIXTURE_NAMES, driver_of, messages, registry_of

CONVENTIONS = {convention.name: convention for convention in load()}
TOPICS = {
    "homeassistant": "homeassistant/light/x/config",
    "zigbee2mqtt": "zigbee2mqtt/bridge/devices",
    "tasmota": "tasmota/discovery/AABBCC/config",
}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
OPTION_NAMES = st.sampled_from(sorted({*ENTITY, *ENTITY.values(), "~", "schema", "platform", "components"}))
OPTION_VALUES = JSON | st.sampled_from(
    ["a/b", "~/c", "{{ value_json.x }}", "{{ value | int }}", "json", "template", "C", 0, 255, -1, "1e999"]
)
CHANGES: list[dict[str, Value]] = [
    {"power": "on"},
    {"power": "off"},
    {"do": "toggle"},
    {"do": "stop"},
    {"do": "press"},
    {"brightness": 40},
    {"color": (1, 2, 3)},
    {"color_temp": 2700},
    {"opening": "open"},
    {"position": 50},
    {"lock": "unlocked"},
    {"temperature": 21},
    {"mode": "heat"},
    {"percentage": 50},
    {"activity": "cleaning"},
    {"humidity": 50},
    {"armed": "armed_home"},
]
SLOW = settings(max_examples=150)


def exercise(device: Device, payload: bytes) -> None:
    """Everything that the daemon does with a device, none of which may raise anything unexpected."""
    driver = driver_of(device)
    for topic in driver.state_topics:
        assert not any(mark in topic for mark in "+#")
        with suppress(ValueError):
            driver.decode(topic, payload)
    for change in CHANGES:
        with suppress(CommandError):
            for message in driver.encode(change, {"power": "on"}):
                assert not any(mark in message.topic for mark in "+#")


@SLOW
@pytest.mark.parametrize("name", sorted(CONVENTIONS))
@given(payload=st.binary(max_size=200))
def test_any_bytes_as_announcement(name: str, payload: bytes) -> None:
    with suppress(ValueError):
        CONVENTIONS[name].read(TOPICS[name], payload)


@SLOW
@pytest.mark.parametrize("name", sorted(CONVENTIONS))
@given(document=JSON)
def test_any_json_as_announcement(name: str, document: object) -> None:
    with suppress(ValueError):
        CONVENTIONS[name].read(TOPICS[name], json.dumps(document).encode("utf-8", "replace"))


@pytest.mark.parametrize("name", sorted(CONVENTIONS))
@pytest.mark.parametrize(
    "payload",
    [b"[" * 100_000, b'{"a":' * 50_000, b"9" * 10_000, b'{"command_topic": 1e999}', b"NaN", b"\x00", b" " * 5_000_000],
)
def test_extreme_json_as_announcement(name: str, payload: bytes) -> None:
    with suppress(ValueError):
        CONVENTIONS[name].read(TOPICS[name], payload)


@SLOW
@pytest.mark.parametrize("kind", sorted(BUILDERS))
@given(options=st.dictionaries(OPTION_NAMES, OPTION_VALUES, max_size=8), report=JSON | st.text(max_size=40))
def test_any_options_of_any_kind(kind: str, options: dict[str, object], report: object) -> None:
    base = {"command_topic": "x/set", "state_topic": "x", "name": "X", "unique_id": "x"}
    try:
        payload = json.dumps({**base, **options}).encode("utf-8", "replace")
        devices = CONVENTIONS["homeassistant"].read(f"homeassistant/{kind}/x/config", payload)
    except ValueError:
        return
    shown = report if isinstance(report, str) else json.dumps(report)
    for device in devices:
        exercise(device, shown.encode("utf-8", "replace"))


@SLOW
@pytest.mark.parametrize("name", FIXTURE_NAMES)
@given(
    report=JSON,
    keys=st.lists(
        st.sampled_from(
            [
                "state",
                "brightness",
                "color",
                "color_mode",
                "color_temp",
                "position",
                "POWER",
                "POWER1",
                "Dimmer",
                "HSBColor",
                "CT",
                "Shutter1",
                "FanSpeed",
                "temperature",
                "system_mode",
                "contact",
                "battery",
                "fan_mode",
                "fan_state",
            ]
        ),
        max_size=6,
    ),
)
def test_any_report_to_real_devices(name: str, report: object, keys: list[str]) -> None:
    payload = json.dumps(dict.fromkeys(keys, report) if keys else report).encode("utf-8", "replace")
    for device in _DEVICES[name]:
        exercise(device, payload)


@SLOW
@pytest.mark.parametrize("name", FIXTURE_NAMES)
@given(data=st.data())
def test_real_announcement_with_one_value_replaced(name: str, data: st.DataObject) -> None:
    topic, payload = data.draw(st.sampled_from(_MESSAGES[name]))
    document = json.loads(payload)
    _mutate(document, data)
    convention = next(each for each in CONVENTIONS.values() if topic.startswith(each.subscriptions[0].split("/")[0]))
    with suppress(ValueError):
        for device in convention.read(topic, json.dumps(document).encode("utf-8", "replace")):
            exercise(device, b'{"state": "ON"}')


@SLOW
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*TOPICS.values(), "homeassistant/device/x/config", "zigbee2mqtt/bridge/groups", "x"]),
            st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode("utf-8", "replace")),
        ),
        max_size=8,
    )
)
def test_registry_never_raises(received: list[tuple[str, bytes]]) -> None:
    registry = HomeRegistry(load())
    for topic, payload in received:
        registry.announce(topic, payload)
        registry.report(topic, payload)
    registry.snapshot()


def _mutate(document: object, data: st.DataObject) -> None:
    """Replace one value somewhere in the document."""
    while isinstance(document, (dict, list)) and document:
        keys = sorted(document) if isinstance(document, dict) else list(range(len(document)))
        key = data.draw(st.sampled_from(keys))
        inner = document[key]
        if not isinstance(inner, (dict, list)) or not inner or data.draw(st.booleans()):
            document[key] = data.draw(OPTION_VALUES)
            return
        document = inner


_MESSAGES = {name: messages(name) for name in FIXTURE_NAMES}
_DEVICES = {name: registry_of(name).snapshot().devices for name in FIXTURE_NAMES}
