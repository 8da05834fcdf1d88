"""Simulated lamps: JSON as of Zigbee2MQTT and ESPHome, and one topic per property."""

from __future__ import annotations

import json
from collections.abc import Mapping

from edgeassist.conventions.homeassistant.light_json import read_color

from .device import ON_OFF, Messages, Simulated, found, json_of, scaled, unscaled


class JsonLamp(Simulated):
    """One topic takes, another reports, a JSON object. ``scale`` is the top of its brightness."""

    def __init__(
        self, device_id: str, topic: str, config: Mapping[str, object], topics: tuple[str, str], scale: int
    ) -> None:
        super().__init__(device_id, topic, config, {"power": "off", "brightness": 100})
        self.state_topic = topics[1]
        self.scale = scale
        self.raw: dict[str, object] = {}
        self.commands[topics[0]] = self._set

    def _set(self, payload: str) -> None:
        wanted = json.loads(payload)
        if "state" in wanted:
            self.state["power"] = found(ON_OFF, wanted["state"])
        if "brightness" in wanted:
            self.state["brightness"] = unscaled(wanted["brightness"], self.scale)
            self.state["power"] = "on" if wanted["brightness"] else "off"
        if "color_temp" in wanted:
            self.raw = {"color_mode": "color_temp", "color_temp": int(wanted["color_temp"])}
            self.state["color_temp"] = round(1_000_000 / int(wanted["color_temp"]))
            self.state.pop("color", None)
        if "color" in wanted:
            mode = "xy" if "x" in wanted["color"] else "hs" if "h" in wanted["color"] else "rgb"
            self.raw = {"color_mode": mode, "color": wanted["color"]}
            color = read_color(wanted["color"])
            if color is not None:
                self.state["color"] = color

    def reports(self) -> Messages:
        level = scaled(self.state["brightness"], self.scale)
        report = {"state": str(self.state["power"]).upper(), "brightness": level, **self.raw, "linkquality": 132}
        return [(self.state_topic, json_of(report))]


class TopicLamp(Simulated):
    """A lamp of the default schema below one base topic, with whichever of ``brightness`` and ``rgb`` it has."""

    def __init__(
        self, device_id: str, topic: str, config: Mapping[str, object], base: str, has: tuple[str, ...]
    ) -> None:
        super().__init__(device_id, topic, config, {"power": "off"})
        self.base = base
        self.commands[f"{base}/set"] = self._switch
        if "brightness" in has:
            self.state["brightness"] = 100
            self.commands[f"{base}/brightness/set"] = self._brightness
        if "rgb" in has:
            self.state["color"] = (255, 255, 255)
            self.commands[f"{base}/rgb/set"] = self._rgb

    def _switch(self, payload: str) -> None:
        self.state["power"] = found(ON_OFF, payload)

    def _brightness(self, payload: str) -> None:
        self.state["brightness"] = unscaled(payload, 255)

    def _rgb(self, payload: str) -> None:
        red, green, blue = (int(part) for part in payload.split(","))
        self.state["color"] = (red, green, blue)

    def reports(self) -> Messages:
        messages = [(f"{self.base}/state", str(self.state["power"]).upper())]
        if "brightness" in self.state:
            messages.append((f"{self.base}/brightness", str(scaled(self.state["brightness"], 255))))
        color = self.state.get("color")
        if isinstance(color, tuple):
            messages.append((f"{self.base}/rgb", ",".join(map(str, color))))
        return messages
