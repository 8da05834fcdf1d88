"""Lights of the template schema: whole commands made, and states taken apart, by templates."""

from __future__ import annotations

from collections.abc import Mapping

from edgeassist.conventions import payload, units
from edgeassist.conventions.driver import Change, Reader
from edgeassist.home.device import State
from edgeassist.messages import Publish, Value

from .entity import Built, Entity
from .power import light_power

_CHANNELS = ("red", "green", "blue")


def template_light(entity: Entity) -> Built:
    in_kelvin = entity.flag("color_temp_kelvin")
    has_color = all(entity.template(f"{channel}_template") for channel in _CHANNELS)
    able = {
        "brightness": entity.template("brightness_template"),
        "color_temp": entity.template("color_temp_template"),
        "color": has_color,
    }

    def encode(change: Change, state: State) -> list[Publish]:
        power = light_power(change, state)
        if power == "off":
            return [entity.send("command_topic", "off", "command_off_template", state="off")]
        return [entity.send("command_topic", "on", "command_on_template", **_variables(change, in_kelvin))]

    topic = entity.subscription("state_topic")
    readers = () if topic is None else (Reader(topic, lambda given: _read(entity, in_kelvin, has_color, given)),)
    return Built(readers, encode, [name for name, has in able.items() if has])


def _variables(change: Change, in_kelvin: bool) -> dict[str, object]:
    variables: dict[str, object] = {"state": "on"}
    if "brightness" in change:
        variables["brightness"] = units.from_percent(change["brightness"], 0, 255)
    if "color_temp" in change:
        kelvin = units.checked_kelvin(change["color_temp"])
        variables["color_temp"] = kelvin if in_kelvin else units.mired(kelvin)
    if "color" in change:
        color = units.rgb(change["color"])
        variables |= dict(zip(_CHANNELS, color, strict=True))
        variables |= dict(zip(("hue", "sat"), units.hs(color), strict=True))
    return variables


def _read(entity: Entity, in_kelvin: bool, has_color: bool, given: bytes) -> Mapping[str, Value]:
    report = payload.text(given)

    def part(key: str) -> str | None:
        found = entity.template(key)
        return (found.extract(report) or None) if found else None

    read: dict[str, Value] = {}
    if (power := part("state_template")) in {"on", "off"}:
        read["power"] = str(power)
    if brightness := part("brightness_template"):
        read["brightness"] = units.percent(brightness, 0, 255)
    if color_temp := part("color_temp_template"):
        read["color_temp"] = (units.checked_kelvin if in_kelvin else units.kelvin)(color_temp)
    channels = [part(f"{channel}_template") for channel in _CHANNELS] if has_color else [None]
    if None not in channels:
        read["color"] = units.rgb(channels)
    return read
