"""The simulated ESPHome nodes: short names, a topic for each property below the node's prefix."""

from __future__ import annotations

from collections.abc import Iterator

from . import things
from .device import ON_OFF, Config, Simulated
from .lights import JsonLamp


def esphome_products() -> Iterator[Simulated]:
    topic, config, base = _node("light", "counter", "Kitchen Counter", "Kitchen")
    config |= {"schema": "json", "clrm": True, "bri": True, "brightness": True, "sup_clrm": ["rgb"], "rgb": True}
    yield _esphome_device(
        JsonLamp("light.kitchen_counter", topic, config, (f"{base}/command", f"{base}/state"), 255), "kitchen"
    )
    topic, config, base = _node("switch", "coffee", "Coffee Machine", "Kitchen")
    relay = things.Relay("switch.kitchen_coffee", topic, config, (f"{base}/command", f"{base}/state"), ON_OFF)
    yield _esphome_device(relay, "kitchen")
    topic, config, base = _node("fan", "fan", "Bedroom Fan", "Bedroom")
    config |= {"pct_cmd_t": f"{base}/speed_level/command", "pct_stat_t": f"{base}/speed_level/state", "spd_rng_max": 4}
    yield _esphome_device(things.Fan("fan.bedroom_fan", topic, config, base, 4), "bedroom")
    for node, name, area, extra in (
        ("living_room", "Living Room Blinds", "Living Room", {"dev_cla": "blind"}),
        ("garage", "Garage Door", "Garage", {"dev_cla": "garage"}),
    ):
        topic, config, base = _node("cover", "cover", name, area)
        config |= {"pos_t": f"{base}/position/state", "set_pos_t": f"{base}/position/command", **extra}
        topics = (f"{base}/command", f"{base}/position/command", f"{base}/state", f"{base}/position/state")
        yield _esphome_device(things.Opening(f"cover.{node}_cover", topic, config, topics), node)
    topic, config, base = _node("button", "brew", "Brew Coffee", "Kitchen")
    yield _esphome_device(things.Pressed("button.kitchen_brew", topic, config, f"{base}/command", "PRESS"), "kitchen")
    topic, config, base = _node("binary_sensor", "motion", "Hall Motion", "Hall")
    config |= {"dev_cla": "motion"}
    sensor = things.Sensor("binary_sensor.hall_motion", topic, config, [(f"{base}/state", "OFF")], {"contact": "off"})
    yield _esphome_device(sensor, "hall")


def _node(kind: str, object_id: str, name: str, area: str) -> tuple[str, Config, str]:
    node = area.lower().replace(" ", "_")
    base = f"{node}/{kind}/{object_id}"
    config: Config = {
        "name": name,
        "uniq_id": f"{node}_{object_id}",
        "stat_t": f"{base}/state",
        "cmd_t": f"{base}/command",
        "avty_t": f"{node}/status",
        "dev": {
            "ids": f"a4cf12{node}",
            "name": area,
            "sw": "esphome v2025.9.0",
            "mdl": "esp32dev",
            "mf": "espressif",
            "sa": area,
        },
    }
    return f"homeassistant/{kind}/{node}/{object_id}/config", config, base


def _esphome_device(product: Simulated, node: str) -> Simulated:
    product.availability = {f"{node}/status": ("online", "offline")}
    return product
