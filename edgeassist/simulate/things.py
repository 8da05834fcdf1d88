"""Simulated products that are no lamps."""

from __future__ import annotations

import json
from collections.abc import Mapping

from edgeassist.messages import Value

from .device import Messages, Simulated, found, json_of

_VACUUM: Mapping[str, Value] = {
    "start": "cleaning",
    "pause": "paused",
    "stop": "idle",
    "return_to_base": "docked",
}


class Relay(Simulated):
    """Anything with two payloads: a relay, a siren, a lock. ``key`` is its JSON key when it speaks JSON."""

    def __init__(
        self,
        device_id: str,
        topic: str,
        config: Mapping[str, object],
        topics: tuple[str, str],
        payloads: Mapping[str, Value],
        *,
        prop: str = "power",
        key: str | None = None,
        reported: Mapping[Value, str] | None = None,
    ) -> None:
        super().__init__(device_id, topic, config, {prop: list(payloads.values())[-1]})
        self.state_topic = topics[1]
        self.payloads = payloads
        self.prop = prop
        self.key = key
        self.reported = reported or {value: payload for payload, value in payloads.items()}
        self.commands[topics[0]] = self._set

    def _set(self, payload: str) -> None:
        shown = json.loads(payload)[self.key] if self.key and payload.startswith("{") else payload
        self.state[self.prop] = found(self.payloads, shown)

    def reports(self) -> Messages:
        said = self.reported[self.state[self.prop]]
        return [(self.state_topic, json_of({self.key: said}) if self.key else said)]


class Fan(Simulated):
    """A fan of ESPHome, with ``speeds`` steps."""

    def __init__(self, device_id: str, topic: str, config: Mapping[str, object], base: str, speeds: int) -> None:
        super().__init__(device_id, topic, config, {"power": "off", "percentage": 0})
        self.base = base
        self.speeds = speeds
        self.speed = 1
        self.commands = {f"{base}/command": self._switch, f"{base}/speed_level/command": self._speed}

    def _switch(self, payload: str) -> None:
        self.state["power"] = found({"ON": "on", "OFF": "off"}, payload)
        self._show()

    def _speed(self, payload: str) -> None:
        speed = int(payload)
        if not 0 <= speed <= self.speeds:
            raise ValueError(payload)
        self.speed = speed
        self.state["power"] = "on" if speed else "off"
        self._show()

    def _show(self) -> None:
        self.state["percentage"] = self.speed * 100 // self.speeds if self.state["power"] == "on" else 0

    def reports(self) -> Messages:
        level = self.speed if self.state["power"] == "on" else 0
        return [
            (f"{self.base}/state", str(self.state["power"]).upper()),
            (f"{self.base}/speed_level/state", str(level)),
        ]


class Opening(Simulated):
    """A cover or valve that moves at once. ``topics``: commands, wanted positions, states, positions; or empty."""

    def __init__(
        self,
        device_id: str,
        topic: str,
        config: Mapping[str, object],
        topics: tuple[str, str, str, str],
        *,
        inverted: bool = False,
    ) -> None:
        super().__init__(device_id, topic, config, {"opening": "closed", "position": 0})
        self.state_topic, self.position_topic = topics[2:]
        self.inverted = inverted
        if topics[0]:
            self.commands[topics[0]] = self._move
        if topics[1]:
            self.commands[topics[1]] = self._go_to

    def _move(self, payload: str) -> None:
        if payload.lstrip("-").isdigit():
            self._go_to(payload)
        elif payload != "STOP":
            self._at(found({"OPEN": 100, "CLOSE": 0}, payload))

    def _go_to(self, payload: str) -> None:
        position = float(json.loads(payload)["position"] if payload.startswith("{") else payload)
        if not 0 <= position <= 100:
            raise ValueError(payload)
        self._at(100 - position if self.inverted else position)

    def _at(self, position: Value) -> None:
        self.state["position"] = position
        self.state["opening"] = "open" if position else "closed"

    def reports(self) -> Messages:
        position = int(float(str(self.state["position"])))
        messages = (
            [(self.position_topic, str(100 - position if self.inverted else position))] if self.position_topic else []
        )
        return [*messages, *([(self.state_topic, str(self.state["opening"]))] if self.state_topic else [])]


class JsonCover(Opening):
    """A Zigbee cover: one topic each way, JSON reports."""

    def _move(self, payload: str) -> None:
        if payload.startswith("{"):
            self._go_to(payload)
        else:
            super()._move(payload)

    def reports(self) -> Messages:
        position = int(float(str(self.state["position"])))
        return [(self.state_topic, json_of({"state": "OPEN" if position else "CLOSE", "position": position}))]


class Thermostat(Simulated):
    """A radiator valve of Zigbee2MQTT: plain payloads on a topic for each setting, one JSON report."""

    def __init__(self, device_id: str, topic: str, config: Mapping[str, object], base: str) -> None:
        super().__init__(device_id, topic, config, {"temperature": 20.0, "mode": "heat", "current_temperature": 19.5})
        self.base = base
        self.modes = ("off", "heat", "auto")
        self.commands = {
            f"{base}/set/occupied_heating_setpoint": self._set_point,
            f"{base}/set/system_mode": self._mode,
        }

    def _set_point(self, payload: str) -> None:
        if not 5 <= float(payload) <= 30:
            raise ValueError(payload)
        self.state["temperature"] = float(payload)

    def _mode(self, payload: str) -> None:
        self.state["mode"] = found({mode: mode for mode in self.modes}, payload)

    def reports(self) -> Messages:
        report = {
            "occupied_heating_setpoint": self.state["temperature"],
            "system_mode": self.state["mode"],
            "local_temperature": self.state["current_temperature"],
            "battery": 87,
        }
        return [(self.base, json_of(report))]


class Vacuum(Simulated):
    """A robot of the state schema, whose way home takes no time."""

    def __init__(self, device_id: str, topic: str, config: Mapping[str, object], topics: tuple[str, str]) -> None:
        super().__init__(device_id, topic, config, {"activity": "docked", "battery": 100})
        self.state_topic = topics[1]
        self.commands[topics[0]] = self._command

    def _command(self, payload: str) -> None:
        self.state["activity"] = found(_VACUUM, payload)

    def reports(self) -> Messages:
        return [(self.state_topic, json_of({"state": self.state["activity"], "battery_level": self.state["battery"]}))]


class Pressed(Simulated):
    """A scene or a button: it counts."""

    def __init__(
        self, device_id: str, topic: str, config: Mapping[str, object], command_topic: str, payload: str
    ) -> None:
        super().__init__(device_id, topic, config, {})
        self.payload = payload
        self.commands[command_topic] = self._press

    def _press(self, payload: str) -> None:
        if payload == self.payload:
            self.pressed += 1


class Sensor(Simulated):
    """Something that measures, and never changes its mind."""

    def __init__(
        self, device_id: str, topic: str, config: Mapping[str, object], reports: Messages, state: Mapping[str, Value]
    ) -> None:
        super().__init__(device_id, topic, config, state)
        self._reports = list(reports)

    def reports(self) -> Messages:
        return list(self._reports)


class MediaPlayer(Simulated):
    """A player that no discovery announces: words for commands, a JSON report."""

    def __init__(self, device_id: str, base: str) -> None:
        state: dict[str, Value] = {"power": "off", "playback": "stopped", "volume": 30, "muted": False}
        super().__init__(device_id, "", {}, state)
        self.base = base
        self.track = 1
        self.commands[f"{base}/command"] = self._command

    def _command(self, payload: str) -> None:
        word, _, argument = payload.partition(" ")
        if word == "volume" and 0 <= int(argument) <= 50:
            # It counts to 50.
            self.state["volume"] = int(argument) * 2
        elif word in {"next", "previous"}:
            self.track += 1 if word == "next" else -1
        elif word in {"mute", "unmute"}:
            self.state["muted"] = word == "mute"
        elif word in {"on", "off"}:
            self.state["power"] = word
        else:
            self.state["playback"] = found({"play": "playing", "pause": "paused", "stop": "stopped"}, word)

    def reports(self) -> Messages:
        volume = int(float(str(self.state["volume"]))) // 2
        return [(f"{self.base}/state", json_of({**self.state, "volume": volume, "track": self.track}))]
