"""Lights of the JSON schema, as Zigbee2MQTT and ESPHome announce them: one topic, one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping

from edgeassist.conventions import units
from edgeassist.conventions.driver import Change, unsupported
from edgeassist.conventions.payload import mapping, parse
from edgeassist.home.device import State
from edgeassist.messages import Publish, Value

from .entity import Built, Entity
from .power import light_power

_COLOR_MODES = ("hs", "rgb", "rgbw", "rgbww", "xy")


def json_light(entity: Entity) -> Built:
    codec = JsonLight(
        color=_color_mode(entity),
        scale=entity.number("brightness_scale", 255),
        in_kelvin=entity.flag("color_temp_kelvin"),
    )
    capabilities = _capabilities(entity)

    def encode(change: Change, state: State) -> list[Publish]:
        beyond = {"brightness", "color", "color_temp"} & set(change) - capabilities
        if beyond:
            raise unsupported({name: change[name] for name in beyond})
        return [entity.send("command_topic", json.dumps(codec.command(change, light_power(change, state))))]

    return Built(tuple(entity.reader("state_topic", codec.read)), encode, sorted(capabilities))


class JsonLight:
    """The JSON object of a lamp, to and from normalised properties."""

    def __init__(self, color: str | None, scale: float, in_kelvin: bool) -> None:
        self.color = color
        self.scale = scale
        self.in_kelvin = in_kelvin

    def command(self, change: Change, power: Value) -> dict[str, object]:
        wanted: dict[str, object] = {"state": "ON" if power == "on" else "OFF"}
        if power == "off":
            return wanted
        if "brightness" in change:
            wanted["brightness"] = units.from_percent(change["brightness"], 0, self.scale)
        if "color_temp" in change:
            kelvin = units.checked_kelvin(change["color_temp"])
            wanted["color_temp"] = kelvin if self.in_kelvin else units.mired(kelvin)
        if "color" in change:
            wanted["color"] = self._color(units.rgb(change["color"]))
        return wanted

    def _color(self, color: units.Rgb) -> dict[str, float]:
        if self.color == "hs":
            return dict(zip("hs", units.hs(color), strict=True))
        if self.color == "xy":
            return dict(zip("xy", units.xy(color), strict=True))
        channels = {"rgb": "rgb", "rgbw": "rgbw", "rgbww": "rgbcw"}[self.color or "rgb"]
        return dict(zip(channels, [*color, 0, 0], strict=False))

    def read(self, shown: str) -> Mapping[str, Value]:
        report = mapping(parse(shown))
        found: dict[str, Value] = {}
        power = {"ON": "on", "OFF": "off"}.get(str(report.get("state")).upper())
        if power:
            found["power"] = power
        if report.get("brightness") is not None:
            found["brightness"] = units.percent(report["brightness"], 0, self.scale)
        mode = str(report.get("color_mode") or "")
        if report.get("color_temp") is not None and mode in {"", "color_temp"}:
            found["color_temp"] = (units.checked_kelvin if self.in_kelvin else units.kelvin)(report["color_temp"])
        if isinstance(report.get("color"), dict) and mode != "color_temp":
            color = read_color(mapping(report["color"]))
            found.update({} if color is None else {"color": color})
        return found


def read_color(color: Mapping[str, object]) -> units.Rgb | None:
    """The colour of any of the forms in which lamps report one; None when it is in none of them."""
    if {"r", "g", "b"} <= set(color):
        return units.brightest(units.rgb([color["r"], color["g"], color["b"]]))
    if {"x", "y"} <= set(color):
        return units.from_xy(color["x"], color["y"])
    hue, saturation = color.get("h", color.get("hue")), color.get("s", color.get("saturation"))
    return None if hue is None or saturation is None else units.from_hs(hue, saturation)


def _color_mode(entity: Entity) -> str | None:
    modes = entity.texts("supported_color_modes")
    return next((mode for mode in _COLOR_MODES if mode in modes or entity.flag(mode)), None)


def _capabilities(entity: Entity) -> set[str]:
    modes = set(entity.texts("supported_color_modes"))
    able = set()
    if entity.flag("brightness") or modes - {"onoff"}:
        able.add("brightness")
    if entity.flag("color_temp") or "color_temp" in modes:
        able.add("color_temp")
    if _color_mode(entity):
        able.add("color")
    return able
