"""What makes a room warmer or cooler that has no thermostat of its own.

"It's freezing in here" is a wish, and the room decides who grants it: its heater or its fan, where it has one, else the
thermostat that the whole home has, as long as that is one device and no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from edgeassist.functions import builtin_functions
from edgeassist.home import Area, Device
from edgeassist.text import normalise_utterance

from .lexicon import HERE, Lexicon
from .syntax import Reading, Target

_HEATERS = frozenset("heater heaters fire fireplace stove radiator convector".split())
_COOLERS = frozenset("fan aircon ac".split())
#: Not for people.
_OTHERS = frozenset("water immersion towel extractor exhaust hood bed blanket tank pool aquarium".split())
_CENTRAL = frozenset("thermostat heating hvac boiler furnace nest ecobee hive tado".split())
_TURN_ON = builtin_functions()["turn_on"]


def comforted(readings: Iterable[Reading], lexicon: Lexicon, room: Area | None) -> tuple[Reading, ...]:
    """The readings with devices put for rooms that have nothing to set a temperature of."""
    return tuple(_granted(reading, lexicon, room) for reading in readings)


def _granted(reading: Reading, lexicon: Lexicon, room: Area | None) -> Reading:
    if reading.function.name != "set_temperature" or len(reading.targets) != 1:
        return reading
    target = reading.targets[0]
    area = _area(target, lexicon, room)
    fitting = [device for device in lexicon.home.devices if reading.function.suits(reading.form, device)]
    if target.label or target.noun or (area is None and target.place != HERE) or _any(fitting, area):
        return reading
    if area and (own := _own(reading, area, lexicon)):
        return Reading(_TURN_ON, _TURN_ON.forms[0], (), (Target(label=own),))
    central = _label([device for device in fitting if _named(device, _CENTRAL)], lexicon)
    return replace(reading, targets=(Target(label=central),)) if central else reading


def _area(target: Target, lexicon: Lexicon, room: Area | None) -> str | None:
    """The one room that is meant, if it is one."""
    if target.place == HERE:
        return room.name if room else None
    place = lexicon.places.get(target.place or "")
    return place.name if place and place.kind == "area" else None


def _any(devices: Iterable[Device], area: str | None) -> bool:
    return area is not None and any(device.area == area for device in devices)


def _own(reading: Reading, area: str, lexicon: Lexicon) -> str | None:
    """The label of the room's only heater or fan; an amount is nothing for a switch."""
    wanted = {"warmer": _HEATERS, "cooler": _COOLERS}.get(reading.form.verb)
    if wanted is None or any(reading.values):
        return None
    kinds = {"switch"} if wanted is _HEATERS else {"switch", "fan"}
    found = [d for d in lexicon.home.in_area(area) if d.kind in kinds and _named(d, wanted) and not _named(d, _OTHERS)]
    return _label(found, lexicon)


def _label(devices: list[Device], lexicon: Lexicon) -> str | None:
    labels = lexicon.labels_of.get(devices[0].id, []) if len(devices) == 1 else []
    return labels[0] if labels else None


def _named(device: Device, words: frozenset[str]) -> bool:
    said = {word for name in (device.name, *device.aliases) for word in normalise_utterance(name).split()}
    return bool(said & words) or (device.kind == "fan" and words is _COOLERS)
