"""Tasmota's own discovery: one retained message per device, from which everything else follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from edgeassist.home.device import Device, Kind
from edgeassist.home.match import toggled
from edgeassist.messages import Publish, Value
from edgeassist.text import sanitise

from . import payload as payloads
from . import units
from .base import Convention, Unit
from .driver import Availability, Change, Encode, Reader, TopicDriver, unsupported

_RELAY, _LIGHT, _SHUTTER = 1, 2, 3
_FAN_STEP = 33
_MAX_RELAYS = 32


def create(unit: Unit = "C", root: str = "tasmota/discovery") -> Convention:
    """Nothing that is read here is a temperature, so the home's ``unit`` does not matter."""
    del unit
    return Tasmota(root)


@dataclass(frozen=True, slots=True)
class Tasmota:
    prefix: str = "tasmota/discovery"
    name: str = "tasmota"

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return (f"{self.prefix}/+/config",)

    def read(self, topic: str, payload: bytes) -> tuple[Device, ...]:
        if not topic.startswith(f"{self.prefix}/") or not topic.endswith("/config"):
            raise ValueError("not an announcement of Tasmota")
        if not payload.strip():
            return ()
        config = payloads.mapping(payloads.parse(payloads.text(payload)))
        return tuple(_Tasmota(config).devices())


class _Tasmota:
    """One Tasmota device: relays, a lamp, shutters, a fan."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self.config = config
        self.mac = _text(config, "mac")
        self.name = _text(config, "dn")
        self.topic = _text(config, "t")
        prefixes = [str(prefix) for prefix in payloads.items(config.get("tp") or ["cmnd", "stat", "tele"])]
        states = [str(state) for state in payloads.items(config.get("state") or ["OFF", "ON"])]
        if len(prefixes) < 3 or len(states) < 2:
            raise ValueError("too few prefixes or states")
        self.off, self.on = states[0], states[1]
        self.commands, self.results, self.telemetry = (self._full(prefix) for prefix in prefixes[:3])
        options = config.get("so")
        self.options = options if isinstance(options, dict) else {}

    def _full(self, prefix: str) -> str:
        full = str(self.config.get("ft") or "%prefix%/%topic%/")
        words = {
            "%prefix%": prefix,
            "%topic%": self.topic,
            "%hostname%": str(self.config.get("hn")),
            "%id%": self.mac[-6:],
        }
        for word, value in words.items():
            full = full.replace(word, value)
        return payloads.topic_name(full if full.endswith("/") else f"{full}/")

    def devices(self) -> Iterator[Device]:
        relays = [
            relay if isinstance(relay, int) else 0 for relay in payloads.items(self.config.get("rl"))[:_MAX_RELAYS]
        ]
        has_fan = bool(self.config.get("if"))
        lights = [index for index, relay in enumerate(relays) if relay == _LIGHT]
        for index, relay in enumerate(relays):
            if relay == _LIGHT and not (has_fan and index == 0):
                yield self._light(index, lights)
            elif relay in {_RELAY, _LIGHT}:
                is_light = self.options.get("30") == 1 or (has_fan and index == 0)
                if not has_fan or index == 0:
                    yield self._relay(index, "light" if is_light else "switch")
        shutters = [index for index, relay in enumerate(relays) if relay == _SHUTTER]
        for number in range(len(shutters) // 2):
            yield self._shutter(number)
        if has_fan:
            yield self._fan()

    def _relay(self, index: int, kind: str) -> Device:
        codec = self._power(index), self._read_power(index)
        return self._device(kind, f"rl_{index + 1}", self._relay_name(index), codec, index=index)

    def _light(self, index: int, lights: list[int]) -> Device:
        subtype = self.config.get("lt_st")
        subtype = subtype if isinstance(subtype, int) else 0
        able = {name for name, types in _LIGHT_TYPES.items() if subtype in types}
        dimmer = "Dimmer"
        if self.options.get("68") == 1:
            able, dimmer = {"brightness"}, f"Channel{index + 1}"
        elif not self.config.get("lk", 1) and subtype >= 4 and len(lights) > 1:
            # The lamp is split: colours first, then white.
            first = index == lights[0]
            able = {"brightness", "color"} if first else {"brightness"} | ({"color_temp"} if subtype == 5 else set())
            dimmer = "Dimmer1" if first else "Dimmer2"
        read_power = self._read_power(index)

        def read(report: Mapping[str, object]) -> Mapping[str, Value]:
            found = dict(read_power(report))
            if "brightness" in able and report.get(dimmer) is not None:
                found["brightness"] = units.percent(report[dimmer])
            if "color_temp" in able and report.get("CT") is not None:
                found["color_temp"] = units.kelvin(report["CT"])
            if "color" in able and isinstance(report.get("HSBColor"), str):
                hue, saturation, *_ = (*str(report["HSBColor"]).split(","), "", "")
                found["color"] = units.from_hs(hue, saturation)
            return found

        encode = self._light_encoder(index, able, dimmer)
        return self._device("light", f"li_{index + 1}", self._relay_name(index), (encode, read), able, index=index)

    def _light_encoder(self, index: int, able: set[str], dimmer: str) -> Encode:
        switch = self._power(index)

        def encode(change: Change, state: Mapping[str, Value]) -> list[Publish]:
            wanted = {name: change[name] for name in ("color", "color_temp", "brightness") if name in change}
            if wanted.keys() - able:
                raise unsupported(change)
            if not wanted or change.get("power") == "off":
                return switch(change, state)
            messages = []
            if "color" in wanted:
                hue, saturation = units.hs(units.rgb(wanted["color"]))
                messages += [self._command("HSBColor1", round(hue)), self._command("HSBColor2", round(saturation))]
            if "color_temp" in wanted:
                messages.append(self._command("CT", round(units.clamp(units.mired(wanted["color_temp"]), 153, 500))))
            if "brightness" in wanted:
                messages.append(self._command(dimmer, units.from_percent(wanted["brightness"])))
            return messages if wanted.get("brightness") else [*messages, *switch({"power": "on"}, state)]

        return encode

    def _shutter(self, number: int) -> Device:
        options = payloads.items(self.config.get("sho"))
        option = options[number] if number < len(options) else 0
        inverted = isinstance(option, int) and bool(option & 1)
        closed, opened = (100, 0) if inverted else (0, 100)

        def encode(change: Change, state: Mapping[str, Value]) -> list[Publish]:
            if change.get("do") == "stop":
                return [self._command(f"ShutterStop{number + 1}")]
            if "position" in change:
                return [
                    self._command(
                        f"ShutterPosition{number + 1}", units.from_percent(change["position"], closed, opened)
                    )
                ]
            wanted = toggled("opening", state, "open") if change.get("do") == "toggle" else change.get("opening")
            if wanted not in {"open", "closed"}:
                raise unsupported(change)
            return [self._command(f"Shutter{'Open' if wanted == 'open' else 'Close'}{number + 1}")]

        def read(report: Mapping[str, object]) -> Mapping[str, Value]:
            said = report.get(f"Shutter{number + 1}")
            if not isinstance(said, dict) or said.get("Position") is None:
                return {}
            position = units.percent(said["Position"], closed, opened)
            direction = payloads.number(said.get("Direction") or 0) * (-1 if inverted else 1)
            rest = "closed" if position == 0 else "open"
            opening = "opening" if direction > 0 else "closing" if direction < 0 else rest
            return {"position": position, "opening": opening}

        shown = f"{self.name} {number + 1}" if number else self.name
        return self._device("cover", f"shutter_{number + 1}", shown, (encode, read), {"position", "stop"})

    def _fan(self) -> Device:
        def encode(change: Change, state: Mapping[str, Value]) -> list[Publish]:
            if "percentage" in change and change.get("power") != "off":
                speed = _fan_speed(change["percentage"])
            else:
                power = toggled("power", state, "on") if change.get("do") == "toggle" else change.get("power")
                if power not in {"on", "off"}:
                    raise unsupported(change)
                speed = 2 if power == "on" else 0
            return [self._command("FanSpeed", speed)]

        def read(report: Mapping[str, object]) -> Mapping[str, Value]:
            if report.get("FanSpeed") is None:
                return {}
            speed = units.clamp(payloads.number(report["FanSpeed"]), 0, 3)
            return {"power": "on" if speed else "off", "percentage": min(round(speed * 100 / 3), 100)}

        return self._device("fan", "fan", f"{self.name} fan", (encode, read), {"percentage"})

    def _power(self, index: int) -> Encode:
        def encode(change: Change, state: Mapping[str, Value]) -> list[Publish]:
            power = toggled("power", state, "on") if change.get("do") == "toggle" else change.get("power")
            if power not in {"on", "off"}:
                raise unsupported(change)
            return [self._command(f"POWER{index + 1}", self.on if power == "on" else self.off)]

        return encode

    def _read_power(self, index: int) -> Callable[[Mapping[str, object]], Mapping[str, Value]]:
        def read(report: Mapping[str, object]) -> Mapping[str, Value]:
            said = report.get(f"POWER{index + 1}", report.get("POWER") if index == 0 else None)
            power = {self.on: "on", self.off: "off"}.get(str(said))
            return {"power": power} if power else {}

        return read

    def _command(self, command: str, argument: object = "") -> Publish:
        return Publish(self.commands + command, str(argument).encode())

    def _relay_name(self, index: int) -> str:
        names = payloads.items(self.config.get("fn"))
        given = names[index] if index < len(names) else None
        return given if isinstance(given, str) and given else f"{self.name} {index + 1}" if index else self.name

    def _device(
        self,
        kind: str,
        part: str,
        name: str,
        codec: tuple[Encode, Callable[[Mapping[str, object]], Mapping[str, Value]]],
        capabilities: set[str] | None = None,
        *,
        index: int | None = None,
    ) -> Device:
        encode, read = codec

        def decode(payload: bytes) -> Mapping[str, Value]:
            return read(payloads.mapping(payloads.parse(payloads.text(payload))))

        readers = [Reader(f"{self.results}RESULT", decode), Reader(f"{self.telemetry}STATE", decode)]
        if kind == "cover":
            readers.append(Reader(f"{self.telemetry}SENSOR", decode))
        return Device(
            id=f"{kind}.{payloads.slug(self.mac)}_{part}",
            name=sanitise(name),
            kind=cast("Kind", kind),
            capabilities=frozenset(capabilities or ()),
            identifiers=frozenset(
                {f"{self.mac}_{part}", f"tasmota_{self.mac}"}
                | ({f"{self.commands}POWER{index + 1}"} if index is not None else set())
                | ({f"{self.commands}POWER"} if index == 0 else set())
            ),
            driver=TopicDriver(readers, encode, self._availability(), _attainable if kind == "fan" else None),
        )

    def _availability(self) -> Availability:
        said = {str(self.config.get("onln", "Online")): True, str(self.config.get("ofln", "Offline")): False}

        def read(payload: bytes) -> Mapping[str, Value]:
            shown = payloads.text(payload).strip()
            return {"available": said[shown]} if shown in said else {}

        return Availability([Reader(f"{self.telemetry}LWT", read)])


#: Light subtypes: 0 none, 1 single, 2 cold and warm, 3 RGB, 4 RGBW, 5 RGBCW.
_LIGHT_TYPES = {"brightness": {1, 2, 3, 4, 5}, "color_temp": {2, 5}, "color": {3, 4, 5}}


def _fan_speed(percentage: Value) -> int:
    """Percent as one of three speeds, rounded up."""
    share = units.clamp(payloads.number(percentage), 0, 100)
    return min(int((share + _FAN_STEP - 1) // _FAN_STEP), 3)


def _attainable(change: Change) -> dict[str, Value]:
    if "percentage" not in change:
        return dict(change)
    return {**change, "percentage": round(_fan_speed(change["percentage"]) * 100 / 3)}


def _text(config: Mapping[str, object], key: str) -> str:
    value = config.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} is missing")
    return value[:200]
