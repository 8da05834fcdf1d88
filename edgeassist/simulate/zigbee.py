"""The simulated Zigbee network, announced as Zigbee2MQTT does: long names, one JSON topic per device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from edgeassist.messages import Value

from . import things
from .device import ON_OFF, Config, Simulated
from .lights import JsonLamp

BASE = "zigbee2mqtt"
_ONLINE, _OFFLINE = '{"state":"online"}', '{"state":"offline"}'


@dataclass(frozen=True, slots=True)
class _Node:
    """A paired device and the one entity that it is announced as."""

    address: str
    name: str
    area: str
    kind: str
    object_id: str = ""

    @property
    def topic(self) -> str:
        return f"{BASE}/{self.name}"

    @property
    def topics(self) -> tuple[str, str]:
        return f"{self.topic}/set", self.topic

    @property
    def unique_id(self) -> str:
        return f"{self.address}_{self.object_id or self.kind}_{BASE}"

    @property
    def device_id(self) -> str:
        return f"{self.kind}.{self.unique_id}"

    @property
    def announcement_topic(self) -> str:
        return f"homeassistant/{self.kind}/{self.address}/{self.object_id or self.kind}/config"

    def config(self, options: Mapping[str, object]) -> Config:
        return {
            "availability": [
                {"topic": f"{BASE}/bridge/state", "value_template": "{{ value_json.state }}"},
                {"topic": f"{self.topic}/availability", "value_template": "{{ value_json.state }}"},
            ],
            "availability_mode": "all",
            "device": {
                "identifiers": [f"zigbee2mqtt_{self.address}"],
                "manufacturer": "IKEA",
                "name": self.name,
                "suggested_area": self.area,
                "via_device": "zigbee2mqtt_bridge_0x00124b001cd4a5b6",
            },
            "name": None,
            "object_id": self.name.lower().replace(" ", "_"),
            "origin": {"name": "Zigbee2MQTT", "sw": "2.6.1", "url": "https://www.zigbee2mqtt.io"},
            "state_topic": self.topic,
            "unique_id": self.unique_id,
            **({} if self.kind == "sensor" else {"command_topic": f"{self.topic}/set"}),
            **options,
        }


def zigbee_products() -> Iterator[Simulated]:
    for node, product in (*_lamps(), *_others(), *_sensors()):
        product.availability = {
            f"{BASE}/bridge/state": (_ONLINE, _OFFLINE),
            f"{node.topic}/availability": (_ONLINE, _OFFLINE),
        }
        yield product


def _lamps() -> Iterator[tuple[_Node, Simulated]]:
    white = {"brightness": True, "brightness_scale": 254, "schema": "json", "supported_color_modes": ["color_temp"]}
    color = {
        **white,
        "supported_color_modes": ["xy", "color_temp"],
        "effect": True,
        "effect_list": ["blink", "breathe"],
    }
    for node, options in (
        (_Node("0x00158d0001a2b3c1", "Kitchen Ceiling", "Kitchen", "light"), white),
        (_Node("0x00158d0001a2b3c2", "Living Room Lamp", "Living Room", "light"), color),
        (_Node("0x00158d0001a2b3c3", "Bathroom Light", "Bathroom", "light"), white),
    ):
        yield node, JsonLamp(node.device_id, node.announcement_topic, node.config(options), node.topics, 254)


def _others() -> Iterator[tuple[_Node, Simulated]]:
    node = _Node("0x00158d0001a2b3c4", "Office Heater", "Office", "switch")
    config = node.config({"payload_on": "ON", "payload_off": "OFF", "value_template": "{{ value_json.state }}"})
    yield node, things.Relay(node.device_id, node.announcement_topic, config, node.topics, ON_OFF, key="state")
    node = _Node("0x00158d0001a2b3c5", "Bedroom Curtains", "Bedroom", "cover")
    config = node.config(
        {
            "device_class": "curtain",
            "value_template": "{{ value_json.state }}",
            "state_open": "OPEN",
            "state_closed": "CLOSE",
            "state_stopped": "STOP",
            "position_topic": node.topic,
            "position_template": "{{ value_json.position }}",
            "set_position_topic": f"{node.topic}/set",
            "set_position_template": '{ "position": {{ position }} }',
        }
    )
    topics = (f"{node.topic}/set", "", node.topic, "")
    yield node, things.JsonCover(node.device_id, node.announcement_topic, config, topics)
    node = _Node("0x00158d0001a2b3c6", "Front Door", "Hall", "lock")
    config = node.config(
        {"value_template": "{{ value_json.state }}", "state_locked": "LOCK", "state_unlocked": "UNLOCK"}
    )
    payloads: Mapping[str, Value] = {"UNLOCK": "unlocked", "LOCK": "locked"}
    lock = things.Relay(
        node.device_id, node.announcement_topic, config, node.topics, payloads, prop="lock", key="state"
    )
    yield node, lock
    node = _Node("0x00158d0001a2b3c7", "Living Room Thermostat", "Living Room", "climate")
    yield node, things.Thermostat(node.device_id, node.announcement_topic, _thermostat(node), node.topic)


def _thermostat(node: _Node) -> Config:
    config = node.config(
        {
            "temperature_command_topic": f"{node.topic}/set/occupied_heating_setpoint",
            "temperature_state_topic": node.topic,
            "temperature_state_template": "{{ value_json.occupied_heating_setpoint }}",
            "current_temperature_topic": node.topic,
            "current_temperature_template": "{{ value_json.local_temperature }}",
            "mode_command_topic": f"{node.topic}/set/system_mode",
            "mode_state_topic": node.topic,
            "mode_state_template": "{{ value_json.system_mode }}",
            "modes": ["off", "heat", "auto"],
            "min_temp": "5",
            "max_temp": "30",
            "temp_step": 0.5,
            "temperature_unit": "C",
        }
    )
    return {name: value for name, value in config.items() if name not in {"command_topic", "state_topic"}}


def _sensors() -> Iterator[tuple[_Node, Simulated]]:
    for node, unit, reading in (
        (_Node("0x00158d0001a2b3d1", "Bathroom Climate", "Bathroom", "sensor", "temperature"), "°C", 22.4),
        (_Node("0x00158d0001a2b3d2", "Bathroom Air", "Bathroom", "sensor", "humidity"), "%", 61),
        (_Node("0x00158d0001a2b3d3", "Garden Weather", "Garden", "sensor", "temperature"), "°C", 11.5),
    ):
        what = node.object_id
        template = f"{{{{ value_json.{what} }}}}"
        config = node.config({"value_template": template, "device_class": what, "unit_of_measurement": unit})
        report = [(node.topic, f'{{"{what}": {reading}, "battery": 91, "linkquality": 98}}')]
        yield node, things.Sensor(node.device_id, node.announcement_topic, config, report, {"reading": reading})
