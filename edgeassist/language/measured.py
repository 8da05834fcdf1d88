"""Which sensor is asked: "the compressor's power" is what its power sensor says, where it has one.

How warm a place is, its thermometer tells rather than what a radiator is set to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from edgeassist.home import Device

from .lexicon import Lexicon
from .syntax import Reading, Target

_SENSORS = "sensors"


def measured(readings: Iterable[Reading], lexicon: Lexicon) -> tuple[Reading, ...]:
    """The readings; one that asks for an attribute of a device asks the sensor that bears the name of both."""
    return tuple(
        replace(reading, targets=tuple(_sensor(target, attribute, lexicon) for target in reading.targets))
        if (attribute := reading.form.fixed.get("attribute"))
        else reading
        for reading in readings
    )


def _sensor(target: Target, attribute: str, lexicon: Lexicon) -> Target:
    place = target.place or ""
    if place in lexicon.places and target.noun is None:
        there = map(lexicon.home.by_id.__getitem__, lexicon.within[place])
        return replace(target, noun=_SENSORS) if any(_tells(each, attribute) for each in there) else target
    device = lexicon.device_of(target.label) if target.label else None
    for name in lexicon.labels_of.get(device or "", ()):
        label = f"{name} {attribute}"
        sensor = lexicon.home.by_id.get(lexicon.labels.get(label, ""))
        if sensor and _tells(sensor, attribute):
            return Target(label=label)
    return target


def _tells(device: Device, attribute: str) -> bool:
    return device.kind == "sensor" and device.device_class == attribute
