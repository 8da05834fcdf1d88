"""Lights of the default schema: one topic for each property."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from edgeassist.conventions import units
from edgeassist.conventions.driver import Change, Reader, unsupported
from edgeassist.conventions.payload import number
from edgeassist.home.device import State
from edgeassist.messages import Publish, Value

from .entity import Built, Entity, measured
from .light_json import json_light
from .light_template import template_light
from .power import light_power, power_payload, power_readers

#: Colour options in order of preference, with how many channels each sends.
_RGB_TOPICS = {"rgb": 3, "rgbw": 4, "rgbww": 5}


def light(entity: Entity) -> Built:
    schema = entity.text("schema", "default")
    if schema == "json":
        return json_light(entity)
    if schema == "template":
        return template_light(entity)
    if schema in {"default", "basic"}:
        return _DefaultLight(entity).built()
    raise ValueError(f"light schema {schema!r} is not known")


class _DefaultLight:
    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.scale = entity.number("brightness_scale", 255)
        self.in_kelvin = entity.flag("color_temp_kelvin")
        self.rgb = next((name for name in _RGB_TOPICS if entity.topic(f"{name}_command_topic")), None)
        self.on_command = entity.text("on_command_type", "last")

    def built(self) -> Built:
        has = self.entity.topic
        color = self.rgb or has("hs_command_topic") or has("xy_command_topic")
        capabilities = {
            "brightness": has("brightness_command_topic") or self.rgb,
            "color": color,
            "color_temp": has("color_temp_command_topic"),
        }
        return Built(tuple(self._readers()), self.encode, [name for name, able in capabilities.items() if able])

    def encode(self, change: Change, state: State) -> list[Publish]:
        entity = self.entity
        power = light_power(change, state)
        switch = entity.send("command_topic", power_payload(entity, power), "command_template")
        if power == "off":
            return [switch]
        wanted = dict(change)
        has_brightness = entity.topic("brightness_command_topic") is not None
        if self.on_command == "brightness" and has_brightness:
            wanted.setdefault("brightness", state.get("brightness") or 100)
            return self._properties(wanted, state)
        properties = self._properties(wanted, state)
        return [switch, *properties] if self.on_command == "first" else [*properties, switch]

    def _properties(self, change: Change, state: State) -> list[Publish]:
        entity = self.entity
        messages = []
        if "color" in change:
            messages.append(self._color(units.rgb(change["color"]), change, state))
        if "color_temp" in change:
            kelvin = units.checked_kelvin(change["color_temp"])
            value = kelvin if self.in_kelvin else units.mired(kelvin)
            messages.append(entity.send("color_temp_command_topic", value, "color_temp_command_template"))
        if "brightness" in change and entity.topic("brightness_command_topic"):
            value = units.from_percent(change["brightness"], 0, self.scale)
            messages.append(entity.send("brightness_command_topic", value, "brightness_command_template"))
        elif "brightness" in change and "color" not in change:
            if not self.rgb:
                raise unsupported(change)
            messages.append(self._color(units.rgb(state.get("color", (255, 255, 255))), change, state))
        return messages

    def _color(self, color: units.Rgb, change: Change, state: State) -> Publish:
        entity = self.entity
        if self.rgb:
            if not entity.topic("brightness_command_topic"):
                # A lamp without a brightness of its own carries it in the colour.
                share = number(change.get("brightness", state.get("brightness") or 100)) / 100
                color = units.rgb([part * share for part in color])
            channels = [*color, 0, 0][: _RGB_TOPICS[self.rgb]]
            names = dict(zip(("red", "green", "blue", "white", "cold_white"), channels, strict=False))
            if self.rgb == "rgbww":
                names = {**names, "cold_white": 0, "warm_white": 0}
            shown = ",".join(map(str, channels))
            return entity.send(f"{self.rgb}_command_topic", shown, f"{self.rgb}_command_template", **names)
        if entity.topic("hs_command_topic"):
            hue, saturation = units.hs(color)
            return entity.send(
                "hs_command_topic", f"{hue},{saturation}", "hs_command_template", hue=hue, sat=saturation
            )
        x, y = units.xy(color)
        return entity.send("xy_command_topic", f"{x},{y}", "xy_command_template", x=x, y=y)

    def _readers(self) -> list[Reader]:
        entity = self.entity
        to_kelvin: Callable[[str], Value] = units.checked_kelvin if self.in_kelvin else units.kelvin
        readers = power_readers(entity, "state_value_template", "value_template")
        readers += entity.reader(
            "brightness_state_topic",
            measured("brightness", lambda shown: units.percent(shown, 0, self.scale)),
            "brightness_value_template",
        )
        readers += entity.reader(
            "color_temp_state_topic", measured("color_temp", to_kelvin), "color_temp_value_template"
        )
        for name in _RGB_TOPICS:
            readers += entity.reader(f"{name}_state_topic", self._read_rgb, f"{name}_value_template")
        readers += entity.reader("hs_state_topic", _pair(units.from_hs), "hs_value_template")
        readers += entity.reader("xy_state_topic", _pair(units.from_xy), "xy_value_template")
        return readers

    def _read_rgb(self, shown: str) -> Mapping[str, Value]:
        color = units.rgb([part.strip() for part in shown.split(",", 5)])
        if self.entity.subscription("brightness_state_topic"):
            return {"color": color}
        return {"brightness": units.percent(max(color), 0, 255), "color": units.brightest(color)}


def _pair(convert: Callable[[str, str], units.Rgb]) -> Callable[[str], Mapping[str, Value]]:
    def read(shown: str) -> Mapping[str, Value]:
        first, comma, second = shown.partition(",")
        if not comma:
            raise ValueError("a colour of one number")
        return {"color": convert(first, second)}

    return read
