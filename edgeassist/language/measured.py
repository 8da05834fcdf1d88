"""Whose sensor it is: "the compressor's power" is what its power sensor says, where it has one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .lexicon import Lexicon
from .syntax import Reading, Target


def measured(readings: Iterable[Reading], lexicon: Lexicon) -> tuple[Reading, ...]:
    """The readings; one that asks for an attribute of a device asks the sensor that bears the name of both."""
    return tuple(
        replace(reading, targets=tuple(_sensor(target, attribute, lexicon) for target in reading.targets))
        if (attribute := reading.form.fixed.get("attribute"))
        else reading
        for reading in readings
    )


def _sensor(target: Target, attribute: str, lexicon: Lexicon) -> Target:
    device = lexicon.device_of(target.label) if target.label else None
    for name in lexicon.labels_of.get(device or "", ()):
        label = f"{name} {attribute}"
        sensor = lexicon.home.by_id.get(lexicon.labels.get(label, ""))
        if sensor and sensor.kind == "sensor" and sensor.device_class == attribute:
            return Target(label=label)
    return target
