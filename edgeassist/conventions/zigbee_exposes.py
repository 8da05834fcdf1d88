"""What a Zigbee2MQTT device exposes, as properties: each knows its JSON key, how to write it and how to read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from edgeassist.messages import Value

from . import payload as payloads
from . import units

_KINDS = {"light", "switch", "fan", "cover", "lock", "climate"}
#: Single features that are readings people ask for; anything else a Zigbee device exposes is a setting or a diagnosis.
_SENSORS = {
    "temperature": "temperature",
    "humidity": "humidity",
    "battery": "battery",
    "illuminance": "illuminance",
    "illuminance_lux": "illuminance",
    "pressure": "pressure",
    "power": "power",
    "energy": "energy",
    "co2": "carbon_dioxide",
    "pm25": "pm25",
    "soil_moisture": "moisture",
    "voc": "volatile_organic_compounds",
}
_BINARY_SENSORS = {
    "contact": "door",
    "occupancy": "occupancy",
    "presence": "presence",
    "water_leak": "moisture",
    "smoke": "smoke",
    "gas": "gas",
    "carbon_monoxide": "carbon_monoxide",
    "vibration": "vibration",
}
_FAN_SPEEDS = ("low", "medium", "high")
_SETTABLE = 0b010


@dataclass(frozen=True, slots=True)
class Feature:
    """One property behind one JSON key."""

    prop: str
    key: str
    settable: bool
    to_device: Callable[[Value], object]
    from_device: Callable[[object], Mapping[str, Value]]

    def write(self, value: Value) -> dict[str, object]:
        return {self.key: self.to_device(value)}

    def read(self, value: object) -> Mapping[str, Value]:
        return self.from_device(value)

    def is_overruled(self, report: Mapping[str, object]) -> bool:
        """Whether the report says that this is not how the lamp makes its light now."""
        mode = report.get("color_mode")
        return (
            mode is not None
            and self.prop in {"color", "color_temp"}
            and (mode == "color_temp") != (self.prop == "color_temp")
        )

    @classmethod
    def of_group(cls, kind: str) -> Iterator[Feature]:
        """What a group of that kind takes; its members leave out what they cannot do."""
        if kind == "cover":
            yield from (_opening("state"), _percent("position", "position", 0, 100, True))
        elif kind == "lock":
            yield _enum("lock", "state", {"locked": "LOCK", "unlocked": "UNLOCK"})
        else:
            yield _enum("power", "state", {"on": "ON", "off": "OFF"})
        if kind == "light":
            yield from (
                _percent("brightness", "brightness", 0, 254, True),
                _color_temp("color_temp"),
                _color("color", "xy"),
            )


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in a Zigbee device that is a device to people."""

    kind: str
    object_id: str
    features: tuple[Feature, ...]
    label: str = ""
    endpoint: str | None = None
    device_class: str | None = None
    unit: str | None = None
    modes: tuple[str, ...] = ()

    @property
    def capabilities(self) -> set[str]:
        able = {feature.prop for feature in self.features if feature.settable}
        if self.kind == "cover" and "opening" in able:
            able.add("stop")
        return able - {"power", "opening", "lock"}

    @property
    def lacks(self) -> frozenset[str]:
        """``power`` for a thermostat that has no mode to be switched by."""
        return frozenset({"power"} if self.kind == "climate" and "power" not in {f.prop for f in self.features} else ())


def parts(exposes: Sequence[object]) -> Iterator[Part]:
    """The parts of a device, in the order in which it exposes them. Raises ValueError when they cannot be read."""
    for entry in exposes:
        expose = payloads.mapping(entry, "expose")
        if str(expose.get("type")) in _KINDS:
            yield from _composite(str(expose["type"]), expose)
        elif str(expose.get("category")) not in {"config", "diagnostic"} or expose.get("name") == "battery":
            yield from _single(expose)


def _composite(kind: str, expose: Mapping[str, object]) -> Iterator[Part]:
    exposed = [payloads.mapping(each, "feature") for each in payloads.items(expose.get("features"), "features")]
    by_name = {str(each.get("name")): each for each in exposed}
    features = tuple(_features(kind, by_name))
    endpoint = str(expose["endpoint"])[:40] if expose.get("endpoint") is not None else None
    if not any(feature.settable for feature in features):
        return
    # A keypad lockout or child lock is a setting, not a door.
    if kind == "lock" and str(by_name.get("state", {}).get("property")) in {"keypad_lockout", "child_lock"}:
        return
    mode = by_name.get("system_mode")
    modes = tuple(str(value)[:40] for value in payloads.items(mode.get("values"))) if mode else ()
    object_id = f"{kind}_{endpoint}" if endpoint else kind
    yield Part(kind, object_id, features, label=endpoint or "", endpoint=endpoint, modes=modes)


def _features(kind: str, exposed: Mapping[str, Mapping[str, object]]) -> Iterator[Feature]:
    for name, each in exposed.items():
        make = _MAKERS.get(name)
        if make is not None:
            yield from make(kind, each)


def _make_brightness(_kind: str, each: Mapping[str, object]) -> Iterator[Feature]:
    low, high = _bound(each, "value_min", 0), _bound(each, "value_max", 254)
    yield _percent("brightness", _key(each), low, high, _is_settable(each))


def _make_mode(_kind: str, each: Mapping[str, object]) -> Iterator[Feature]:
    yield Feature("mode", _key(each), _is_settable(each), str, _read_mode)
    yield from _mode_power(each, _key(each))


_MAKERS: Mapping[str, Callable[[str, Mapping[str, object]], Iterable[Feature]]] = {
    "state": lambda kind, each: _state(kind, each, _key(each)),
    "brightness": _make_brightness,
    "position": lambda _, each: [_percent("position", _key(each), 0, 100, _is_settable(each))],
    "color_temp": lambda _, each: [_color_temp(_key(each))],
    "color_xy": lambda _, each: [_color(_key(each), "xy")],
    "color_hs": lambda _, each: [_color(_key(each), "hs")],
    "mode": lambda kind, each: _fan_speed(each, _key(each)) if kind == "fan" else [],
    "speed": lambda kind, each: [_speed(each)] if kind == "fan" else [],
    "occupied_heating_setpoint": lambda _, each: [_number("temperature", _key(each), _is_settable(each))],
    "current_heating_setpoint": lambda _, each: [_number("temperature", _key(each), _is_settable(each))],
    "local_temperature": lambda _, each: [_number("current_temperature", _key(each), False)],
    "system_mode": _make_mode,
}


def _single(expose: Mapping[str, object]) -> Iterator[Part]:
    name = str(expose.get("name"))
    key = str(expose.get("property") or name)[:100]
    endpoint = str(expose["endpoint"])[:40] if expose.get("endpoint") is not None else None
    object_id = f"{name}_{endpoint}" if endpoint else name
    label = object_id.replace("_", " ")
    if name in _SENSORS:
        unit = str(expose["unit"])[:20] if expose.get("unit") is not None else None
        yield Part("sensor", object_id, tuple(_reading(name, key)), label, None, _SENSORS[name], unit)
    elif name in _BINARY_SENSORS:
        # An open door is what Zigbee calls "no contact".
        on = expose.get("value_on", name != "contact")

        def read(value: object) -> Mapping[str, Value]:
            return {"contact": "on" if value == on else "off"}

        feature = Feature("contact", key, False, str, read)
        yield Part("binary_sensor", object_id, (feature,), label, None, _BINARY_SENSORS[name])


def _state(kind: str, exposed: Mapping[str, object], key: str) -> Iterator[Feature]:
    if kind == "cover":
        yield _opening(key)
    elif kind == "lock":
        locked, unlocked = exposed.get("value_on", "LOCK"), exposed.get("value_off", "UNLOCK")
        yield _enum("lock", key, {"locked": locked, "unlocked": unlocked})
    else:
        yield _enum("power", key, {"on": exposed.get("value_on", "ON"), "off": exposed.get("value_off", "OFF")})


def _opening(key: str) -> Feature:
    return _enum("opening", key, {"open": "OPEN", "closed": "CLOSE"})


def _enum(prop: str, key: str, values: Mapping[str, object]) -> Feature:
    def write(value: Value) -> object:
        if value not in values:
            raise ValueError(f"{prop} {value!r} is not known")
        return values[str(value)]

    def read(value: object) -> Mapping[str, Value]:
        return next(({prop: said} for said, sent in values.items() if sent == value), {})

    return Feature(prop, key, True, write, read)


def _percent(prop: str, key: str, low: float, high: float, settable: bool) -> Feature:
    def write(value: Value) -> object:
        return units.from_percent(value, low, high)

    return Feature(prop, key, settable, write, lambda value: {prop: units.percent(value, low, high)})


def _speed(exposed: Mapping[str, object]) -> Feature:
    """The speed of a fan in steps from 1, as in Home Assistant: 0 is off and no speed."""
    return _percent("percentage", _key(exposed), 0, _bound(exposed, "value_max", 254), _is_settable(exposed))


def _number(prop: str, key: str, settable: bool) -> Feature:
    def write(value: Value) -> object:
        return payloads.whole(payloads.number(value))

    return Feature(prop, key, settable, write, lambda value: {prop: payloads.number(value)})


def _color_temp(key: str) -> Feature:
    return Feature("color_temp", key, True, units.mired, lambda value: {"color_temp": units.kelvin(value)})


def _color(key: str, form: str) -> Feature:
    from .homeassistant.light_json import read_color

    def write(value: Value) -> object:
        color = units.rgb(value)
        if form == "hs":
            return dict(zip(("hue", "saturation"), units.hs(color), strict=True))
        return dict(zip("xy", units.xy(color), strict=True))

    def read(value: object) -> Mapping[str, Value]:
        color = read_color(payloads.mapping(value, "color"))
        return {} if color is None else {"color": color}

    return Feature("color", key, True, write, read)


def _fan_speed(exposed: Mapping[str, object], key: str) -> Iterator[Feature]:
    """Named speeds as percentages: the third of three is 100 %."""
    known = [str(value) for value in payloads.items(exposed.get("values"))]
    speeds = [speed for speed in _FAN_SPEEDS if speed in known]
    if not speeds:
        return

    def write(value: Value) -> object:
        share = units.clamp(payloads.number(value), 0, 100) / 100
        return "off" if share == 0 else speeds[min(int(share * len(speeds) - 1e-9), len(speeds) - 1)]

    def read(value: object) -> Mapping[str, Value]:
        if value == "off":
            return {"percentage": 0}
        return {"percentage": round((speeds.index(str(value)) + 1) * 100 / len(speeds))} if value in speeds else {}

    yield Feature("percentage", key, True, write, read)


def _reading(name: str, key: str) -> Iterator[Feature]:
    def read(value: object) -> Mapping[str, Value]:
        reading = payloads.read_value(str(value))
        return {"reading": reading, "battery": reading} if name == "battery" else {"reading": reading}

    yield Feature("reading", key, False, str, read)


def _mode_power(exposed: Mapping[str, object], key: str) -> Iterator[Feature]:
    """A thermostat is switched by its mode."""
    modes = [str(value) for value in payloads.items(exposed.get("values"))]
    active = next((mode for mode in ("auto", "heat", "cool") if mode in modes), None)
    if "off" in modes and active:
        yield Feature("power", key, True, lambda power: active if power == "on" else "off", lambda _: {})


def _read_mode(value: object) -> Mapping[str, Value]:
    mode = str(value)[:40]
    return {"mode": mode, "power": "off" if mode == "off" else "on"}


def _key(exposed: Mapping[str, object]) -> str:
    return str(exposed.get("property") or exposed.get("name"))[:100]


def _is_settable(exposed: Mapping[str, object]) -> bool:
    access = exposed.get("access")
    return isinstance(access, int) and bool(access & _SETTABLE)


def _bound(exposed: Mapping[str, object], key: str, default: float) -> float:
    value = exposed.get(key)
    return default if value is None else payloads.number(value)
