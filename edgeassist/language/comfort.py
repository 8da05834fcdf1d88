"""What makes a room warmer or cooler that has no thermostat of its own, and brighter whose lights cannot be dimmed.

Of curtains and blinds those are meant that hang there.

"It's freezing in here" is a wish, and the room decides who grants it: its heater or its fan, where it has one, else the
thermostat of the whole home, or of its floor, as long as that is one device and no other. "We need more light" is
granted by lights that can only be switched on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from edgeassist.functions import builtin_functions
from edgeassist.home import Area, Device
from edgeassist.text import normalise_utterance

from .lexicon import EVERYWHERE, HERE, Lexicon
from .nouns import SHADING
from .standins import grants, named
from .syntax import Reading, Target

#: Of several that heat or cool, the one that does so for the whole home.
_CENTRAL = frozenset("thermostat heating hvac boiler furnace nest ecobee hive tado".split())
#: Rooms that a thermostat hangs in for the others.
_PASSAGES = frozenset(
    "hall hallway landing corridor stairs stairway staircase entrance entry entryway foyer passage".split()
)
_HEATING = frozenset({"heating", "heat", "thermostat", "radiator", "temperature"})
_TURN_ON = builtin_functions()["turn_on"]
_LIGHTS = "lights"


def comforted(
    readings: Iterable[Reading], lexicon: Lexicon, room: Area | None, words: frozenset[str]
) -> tuple[Reading, ...]:
    """The readings with devices put for rooms that have nothing to set a temperature or a brightness of."""
    held = (_held(reading, lexicon, room) for reading in readings)
    return tuple(_lit(_granted(reading, lexicon, room, words), lexicon, room) for reading in held)


def _held(reading: Reading, lexicon: Lexicon, room: Area | None) -> Reading:
    """Of several kinds of shading those that the room has: curtains or blinds, whichever hang there."""
    places = {target.place for target in reading.targets}
    if len(places) != 1 or not all(target.noun in SHADING for target in reading.targets):
        return reading
    within = {device.id for device in _within(_place(reading.targets[0], room), lexicon)}
    held = tuple(target for target in reading.targets if not within.isdisjoint(lexicon.nouns[target.noun or ""]))
    return replace(reading, targets=held) if held else reading


def _granted(reading: Reading, lexicon: Lexicon, room: Area | None, words: frozenset[str]) -> Reading:
    if reading.function.name != "set_temperature" or len(reading.targets) != 1:
        return reading
    target = reading.targets[0]
    place = _place(target, room)
    within = _within(place, lexicon)
    fitting = [device for device in lexicon.home.devices if reading.function.suits(reading.form, device)]
    if target.label or target.noun or (place != HERE and any(device in within for device in fitting)):
        return reading
    # An amount is nothing for a switch, and who speaks of the heating wants no fan.
    switched = not any(reading.values) and not (reading.form.verb == "cooler" and words & _HEATING)
    own = [device for device in within if switched and grants(reading.form.verb, device)]
    if (place != HERE or not fitting) and (label := _label(own, lexicon)):
        return Reading(_TURN_ON, _TURN_ON.forms[0], (), (Target(label=label),))
    central = [device for device in fitting if named(device, _CENTRAL)]
    chosen = _label(central, lexicon) or _label(_on_floor(central, place, lexicon), lexicon)
    return replace(reading, targets=(Target(label=chosen),)) if chosen else reading


def _lit(reading: Reading, lexicon: Lexicon, room: Area | None) -> Reading:
    if reading.form.verb != "brighter" or any(reading.values) or len(reading.targets) != 1:
        return reading
    target = reading.targets[0]
    place = _place(target, room)
    if target.label or place == HERE:
        return reading
    lights = [device for device in _within(place, lexicon) if device.kind == "light"]
    if not lights or any(reading.function.suits(reading.form, each) for each in lights):
        return reading
    return Reading(_TURN_ON, _TURN_ON.forms[0], (), (Target(noun=_LIGHTS, place=target.place),))


def _place(target: Target, room: Area | None) -> str | None:
    """The name of the room that "here" is, or the place as it was read."""
    return room.name if room and target.place == HERE else target.place


def _on_floor(devices: list[Device], place: str | None, lexicon: Lexicon) -> list[Device]:
    """Those on the floor that a room is on, less what bears its own room's name; none where that is not known."""
    home = lexicon.home
    known = lexicon.places.get(place or "")
    floor = home.floor_of.get(known.name if known else place or "")
    return [device for device in devices if floor and device in home.on_floor(floor) and not _is_a_rooms(device)]


def _is_a_rooms(device: Device) -> bool:
    room = normalise_utterance(device.area or "")
    return _PASSAGES.isdisjoint(room.split()) and normalise_utterance(device.name).startswith(f"{room} ")


def _within(place: str | None, lexicon: Lexicon) -> list[Device]:
    """The devices of a room by its name, of a place by its words, or of the home where no room is known."""
    ids = lexicon.within.get(EVERYWHERE if place == HERE else place or "")
    if ids is None:
        return lexicon.home.in_area(place or "")
    return [device for device in lexicon.home.devices if device.id in ids]


def _label(devices: list[Device], lexicon: Lexicon) -> str | None:
    labels = lexicon.labels_of.get(devices[0].id, []) if len(devices) == 1 else []
    return labels[0] if labels else None
