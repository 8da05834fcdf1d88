"""Zigbee2MQTT's own announcements: devices by what they expose, and groups.

Its Home Assistant discovery says the same with more words, and may be switched off; the identifiers given here are
those that it would use, so that a device which is announced both ways is recognised.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from edgeassist.home.device import Device, Kind, State
from edgeassist.messages import Publish, Value
from edgeassist.text import sanitise

from . import payload as payloads
from .base import Convention, Unit
from .driver import Availability, Change, Reader, TopicDriver, unsupported
from .zigbee_exposes import Feature, Part, parts

_MAX_ENTITIES = 50


def create(unit: Unit = "C", root: str = "zigbee2mqtt") -> Convention:
    """Zigbee2MQTT reports in degrees Celsius whatever the home's ``unit`` is."""
    del unit
    return Zigbee2Mqtt(root)


@dataclass(slots=True)
class Zigbee2Mqtt:
    """One bridge. Remembers the kind of each address, since groups do not say what their members are."""

    base: str = "zigbee2mqtt"
    name: str = "zigbee2mqtt"
    _kinds: dict[str, str] = field(default_factory=dict)

    @property
    def subscriptions(self) -> tuple[str, ...]:
        return f"{self.base}/bridge/devices", f"{self.base}/bridge/groups"

    def read(self, topic: str, payload: bytes) -> tuple[Device, ...]:
        if topic not in self.subscriptions:
            raise ValueError("not an announcement of Zigbee2MQTT")
        if not payload.strip():
            return ()
        listed = payloads.items(payloads.parse(payloads.text(payload, payloads.MAX_ANNOUNCEMENT)), "announcement")
        read = self._group if topic.endswith("groups") else self._devices
        return tuple(device for entry in listed for device in read(payloads.mapping(entry, "entry")))

    def _devices(self, entry: Mapping[str, object]) -> Iterator[Device]:
        """One device of ours for each thing in it that can be commanded or read."""
        definition = entry.get("definition")
        if entry.get("disabled") or entry.get("type") == "Coordinator" or not isinstance(definition, dict):
            return
        address = _text(entry, "ieee_address")
        name = _text(entry, "friendly_name")
        found = list(parts(payloads.items(definition.get("exposes"), "exposes")))[:_MAX_ENTITIES]
        for part in found:
            if part.kind not in {"sensor", "binary_sensor"}:
                self._kinds[address] = part.kind
            yield self._device(address, name, part)

    def _device(self, address: str, name: str, part: Part) -> Device:
        topic = f"{self.base}/{name}"
        payloads.topic_name(topic)
        # Home Assistant is told a topic for each endpoint; the one topic takes the keys of all endpoints.
        own_topic = f"{topic}/{part.endpoint}/set" if part.endpoint else f"{topic}/set"
        shown = sanitise(" ".join(word for word in (name, part.label) if word))
        return Device(
            id=f"{part.kind}.{payloads.slug(address)}_{payloads.slug(part.object_id)}",
            name=shown,
            kind=cast("Kind", part.kind),
            device_class=part.device_class,
            capabilities=frozenset(part.capabilities),
            lacks=part.lacks,
            modes=part.modes,
            unit=part.unit,
            identifiers=frozenset(
                {
                    f"{address}_{part.object_id}_{self.base}",
                    f"zigbee2mqtt_{address}",
                    *([] if part.kind in {"sensor", "binary_sensor"} else [own_topic]),
                }
            ),
            driver=_driver(topic, f"{topic}/set", part.features, self._bridge()),
        )

    def _group(self, entry: Mapping[str, object]) -> Iterator[Device]:
        number, name = _text(entry, "id"), _text(entry, "friendly_name")
        members = [payloads.mapping(member) for member in payloads.items(entry.get("members"), "members")[:200]]
        addresses = [_text(member, "ieee_address") for member in members]
        if not addresses:
            return
        kinds = {self._kinds.get(address, "light") for address in addresses}
        kind = kinds.pop() if len(kinds) == 1 else "light"
        topic = payloads.topic_name(f"{self.base}/{name}")
        features = tuple(Feature.of_group(kind))
        yield Device(
            id=f"{kind}.zigbee_group_{payloads.slug(number)}",
            name=sanitise(name),
            kind=cast("Kind", kind),
            members=tuple(f"zigbee2mqtt_{address}" for address in addresses),
            identifiers=frozenset({f"{number}_{kind}_{self.base}", f"{topic}/set"}),
            driver=_driver(topic, f"{topic}/set", features, self._bridge()),
        )

    def _bridge(self) -> Reader:
        return Reader(f"{self.base}/bridge/state", _read_availability)


def _driver(topic: str, command_topic: str, features: tuple[Feature, ...], bridge: Reader) -> TopicDriver:
    codec = _Codec(command_topic, features)
    own = Reader(f"{topic}/availability", _read_availability)
    readers = [Reader(topic, codec.read)] if features else []
    availability = Availability([bridge, own], "all")
    return TopicDriver(readers, codec.encode, availability, codec.attainable, _queries(topic, features))


def _queries(topic: str, features: tuple[Feature, ...]) -> list[Publish]:
    """Ask for what the device is mainly about. What only reports is asleep most of the time, and is left so."""
    main = next((each for each in features if each.settable and each.prop in {"power", "opening", "lock"}), None)
    return [Publish(f"{topic}/get", json.dumps({main.key: ""}).encode(), qos=0)] if main else []


class _Codec:
    """One JSON object each way, made of the features."""

    def __init__(self, command_topic: str, features: tuple[Feature, ...]) -> None:
        self._command_topic = command_topic
        self._features = features
        self._by_name = {feature.prop: feature for feature in features}

    def read(self, payload: bytes) -> Mapping[str, Value]:
        report = payloads.mapping(payloads.parse(payloads.text(payload)))
        found: dict[str, Value] = {}
        for feature in self._features:
            value = report.get(feature.key)
            if value is not None and not feature.is_overruled(report):
                found.update(feature.read(value))
        return found

    def encode(self, change: Change, _state: State) -> list[Publish]:
        if change.get("power") == "off":
            change = {"power": "off"}
        wanted: dict[str, object] = {}
        for prop, value in change.items():
            feature = self._by_name.get(prop)
            if prop == "do":
                wanted |= _command(str(value), self._by_name, change)
            elif feature is not None and feature.settable:
                wanted |= feature.write(value)
            else:
                raise unsupported({prop: value})
        if not wanted:
            raise unsupported(change)
        return [Publish(self._command_topic, json.dumps(wanted, ensure_ascii=False).encode())]

    def attainable(self, change: Change) -> dict[str, Value]:
        found = dict(change)
        for prop in change.keys() & self._by_name.keys():
            feature = self._by_name[prop]
            found.update(feature.read(feature.to_device(change[prop])))
        return found


def _command(command: str, features: Mapping[str, Feature], change: Change) -> dict[str, object]:
    if command == "toggle" and "power" in features:
        return {features["power"].key: "TOGGLE"}
    if command == "stop" and "opening" in features:
        return {features["opening"].key: "STOP"}
    raise unsupported(change)


def _read_availability(payload: bytes) -> Mapping[str, Value]:
    """``{"state": "online"}``, or the bare word of older versions."""
    shown = payloads.text(payload).strip()
    state = str(payloads.mapping(payloads.parse(shown)).get("state")) if shown.startswith("{") else shown
    return {"available": state == "online"} if state in {"online", "offline"} else {}


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise ValueError(f"{key} is missing")
    return str(value)[:200]
