"""Devices declared in ``home.toml``: their topics and payloads are written there, nothing announces them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgeassist.errors import CommandError
from edgeassist.home.device import Device, State
from edgeassist.home.match import toggled
from edgeassist.home.toml import DeviceEntry, Report, Send
from edgeassist.messages import Publish, Value

from . import units
from .driver import Availability, Change, Reader, TopicDriver, unsupported
from .payload import mapping, parse, read_value, slug, text, whole

#: Properties in percent, which a device may have on another scale.
_SCALED = {"brightness", "position", "percentage", "volume", "humidity"}
_DEGREES = {"temperature", "current_temperature"}
_SETTABLE = {"brightness", "color", "color_temp", "position", "temperature", "mode", "percentage", "volume", "playback"}
_COMMANDS = {"toggle", "stop", "next", "previous", "press"}
#: What a device that declares nothing but a command topic understands.
_DEFAULTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "power": {"power": {"on": "ON", "off": "OFF"}},
    "opening": {"opening": {"open": "OPEN", "closed": "CLOSE"}},
    "lock": {"lock": {"locked": "LOCK", "unlocked": "UNLOCK"}},
}
#: What a kind has of its own; every other kind has ``power``.
_OWN_OF = {"cover": "opening", "valve": "opening", "lock": "lock"}


def declared_device(entry: DeviceEntry) -> Device:
    """The declared device, with a driver unless it is a mere group."""
    driver = _Plain(entry)
    able = (_SETTABLE & driver.send.keys()) | ({"stop"} & driver.send.keys())
    modes = driver.send["mode"].values or {} if "mode" in driver.send else {}
    return Device(
        id=entry.id or f"{entry.kind}.{slug(entry.name) or 'unnamed'}",
        name=entry.name,
        kind=entry.kind,
        device_class=entry.device_class,
        area=entry.area,
        aliases=entry.aliases,
        capabilities=entry.capabilities | able,
        lacks=_lacks(entry, driver.send),
        modes=entry.modes or tuple(modes),
        members=entry.members,
        unit=entry.unit,
        risk=entry.risk,
        identifiers=frozenset(how.topic or entry.command_topic or "" for how in driver.send.values()) - {""},
        driver=driver.built() if driver.send or driver.report or entry.availability_topic else None,
    )


def _lacks(entry: DeviceEntry, send: Mapping[str, Send]) -> frozenset[str]:
    """What the kind has of its own where the entry says how the device is commanded, but not for that."""
    own = _OWN_OF.get(entry.kind, "power")
    return frozenset({own} if send and not {own, "toggle"} & send.keys() else ())


class _Plain:
    def __init__(self, entry: DeviceEntry) -> None:
        self.entry = entry
        self.unit = (entry.unit or "C").upper().removeprefix("°")
        self.send: dict[str, Send] = {str(name): how for name, how in entry.send.items()}
        if not self.send and entry.command_topic:
            default = _DEFAULTS[_OWN_OF.get(entry.kind, "power")]
            self.send = {prop: Send(values=dict(values)) for prop, values in default.items()}
        self.report: dict[str, Report] = {str(name): how for name, how in entry.report.items()}
        if not self.report:
            self.report = self._default_report()

    def _default_report(self) -> dict[str, Report]:
        """Without a report table, a state topic says what the commands say; a sensor's says its reading."""
        if self.entry.state_topic is None:
            return {}
        if self.entry.kind in {"sensor", "binary_sensor"}:
            values = {"on": "ON", "off": "OFF"} if self.entry.kind == "binary_sensor" else None
            return {"contact" if values else "reading": Report(values=values)}
        return {
            prop: Report(values=how.values) for prop, how in self.send.items() if how.values and prop not in _COMMANDS
        }

    def built(self) -> TopicDriver:
        readers = [Reader(topic, _Read(prop, how, self.unit)) for prop, how, topic in self._reports()]
        return TopicDriver(readers, self.encode if self.send else None, self._availability())

    def _reports(self) -> Iterator[tuple[str, Report, str]]:
        for prop, how in self.report.items():
            topic = how.topic or self.entry.state_topic
            if topic:
                yield prop, how, topic

    def encode(self, change: Change, state: State) -> list[Publish]:
        messages = []
        for prop, wanted in self._wanted(change, state).items():
            if prop == "power" and prop not in self.send and wanted == "on" and len(change) > 1:
                continue
            name = str(wanted) if prop == "do" else prop
            if name not in self.send:
                raise unsupported({prop: wanted})
            messages.append(self._message(name, self.send[name], wanted))
        if not messages:
            raise unsupported(change)
        return messages

    def _wanted(self, change: Change, state: State) -> Change:
        if change.get("do") == "toggle" and "toggle" not in self.send:
            prop, first = ("opening", "open") if "opening" in self.send else ("power", "on")
            return {prop: toggled(prop, state, first)}
        return change

    def _message(self, name: str, how: Send, wanted: Value) -> Publish:
        topic = how.topic or self.entry.command_topic
        if topic is None:
            raise CommandError(f"{self.entry.name} has no topic for {name}")
        if how.values is None:
            return Publish(topic, _filled(name, how, wanted, self.unit).encode())
        key = _spelled(wanted)
        if key not in how.values:
            raise CommandError(f"{self.entry.name} has no payload for {name} {key}; it has {', '.join(how.values)}")
        return Publish(topic, how.values[key].encode())

    def _availability(self) -> Availability:
        topic = self.entry.availability_topic
        if topic is None:
            return Availability()
        said = {self.entry.payload_available: True, self.entry.payload_not_available: False}

        def read(payload: bytes) -> Mapping[str, Value]:
            shown = text(payload).strip()
            return {"available": said[shown]} if shown in said else {}

        return Availability([Reader(topic, read)])


class _Read:
    """Reads one property of a report."""

    def __init__(self, prop: str, how: Report, unit: str) -> None:
        self.prop = prop
        self.how = how
        self.unit = unit
        self.values = {reported: value for value, reported in (how.values or {}).items()}

    def __call__(self, payload: bytes) -> Mapping[str, Value]:
        shown: object = text(payload).strip()
        if self.how.key:
            shown = parse(str(shown))
            for part in self.how.key.split("."):
                shown = mapping(shown).get(part)
        if shown is None or shown == "":
            return {}
        if self.how.values is not None:
            said = self.values.get(_spelled(shown))
            return {} if said is None else {self.prop: {"true": True, "false": False}.get(said, said)}
        return {self.prop: self._measured(shown)}

    def _measured(self, shown: object) -> Value:
        if self.prop in _SCALED:
            return units.percent(shown, self.how.min, self.how.max)
        if self.prop in _DEGREES:
            return units.celsius(shown, self.unit)
        if self.prop == "color_temp":
            return units.checked_kelvin(shown)
        if self.prop == "color":
            return units.rgb(shown.split(",") if isinstance(shown, str) else shown)
        return shown if isinstance(shown, bool) else read_value(_spelled(shown))


def _spelled(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _filled(name: str, how: Send, wanted: Value, unit: str) -> str:
    payload = "{value}" if how.payload is None else how.payload
    if name == "color":
        red, green, blue = units.rgb(wanted)
        parts = {"red": red, "green": green, "blue": blue, "hex": f"#{red:02x}{green:02x}{blue:02x}"}
        parts["value"] = f"{red},{green},{blue}"
    elif name == "color_temp":
        parts = {"value": int(units.checked_kelvin(wanted)), "mired": units.mired(wanted)}
    elif name in _SCALED:
        parts = {"value": units.from_percent(wanted, how.min, how.max)}
    elif name in _DEGREES:
        parts = {"value": whole(units.from_celsius(wanted, unit))}
    else:
        parts = {"value": whole(wanted) if isinstance(wanted, float) else _spelled(wanted)}
    for part, shown in parts.items():
        payload = payload.replace(f"{{{part}}}", str(shown))
    return payload
