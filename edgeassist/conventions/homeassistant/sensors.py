"""What can only be read: sensors and binary sensors."""

from __future__ import annotations

from collections.abc import Mapping

from edgeassist.conventions.driver import Read, Reader
from edgeassist.conventions.payload import read_value
from edgeassist.messages import Value
from edgeassist.text import sanitise

from .entity import Built, Entity
from .power import power_readers


def sensor(entity: Entity) -> Built:
    is_battery = entity.optional("device_class", None) == "battery"

    def read(shown: str) -> Mapping[str, Value]:
        reading = read_value(shown)
        return {"reading": reading, "battery": reading} if is_battery else {"reading": reading}

    unit = entity.optional("unit_of_measurement", None)
    return Built(tuple(entity.reader("state_topic", read, "value_template")), unit=sanitise(unit, 20) if unit else None)


def binary_sensor(entity: Entity) -> Built:
    """What other kinds call power is a contact here: the payloads are the same."""
    return Built(tuple(Reader(reader.topic, _as_contact(reader)) for reader in power_readers(entity, "value_template")))


def _as_contact(power: Reader) -> Read:
    def read(given: bytes) -> Mapping[str, Value]:
        said = power.read(given)
        return {"contact": said["power"]} if said else {}

    return read
