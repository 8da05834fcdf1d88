"""Homes of any size and what is said in them, the same on every run.

The homes are plain: every room has a ceiling light, and larger ones have more of everything. Nobody tunes a benchmark
by choosing a home that suits it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

from edgeassist.home import Area, Device, Floor, Home, Kind
from edgeassist.text import normalise_utterance

_ROOMS = tuple(
    "Kitchen|Living Room|Bedroom|Bathroom|Hallway|Garage|Study|Dining Room|Laundry|Garden|Attic|Nursery".split("|")
)
_WINGS = (
    "",
    "Guest",
    "North",
    "South",
    "East",
    "West",
    "Upper",
    "Lower",
    "Old",
    "New",
    "Inner",
    "Outer",
    "Left",
    "Right",
)
_FLOORS = ("Ground Floor", "Upstairs", "Basement")
_DEVICES_PER_ROOM = 8


@dataclass(frozen=True)
class _Thing:
    name: str
    kind: Kind
    capabilities: str = ""
    device_class: str | None = None
    alias: str = ""


#: In the order in which a room gets them; each room starts a little further down, so that rooms differ.
_THINGS = (
    _Thing("Ceiling Light", "light", "brightness color_temp", alias="Main Light"),
    _Thing("Blinds", "cover", "position stop", "blind"),
    _Thing("Radiator", "climate", "temperature mode", alias="Heater"),
    _Thing("Floor Lamp", "light", "brightness color"),
    _Thing("Speaker", "media_player", "volume playback", alias="Music Box"),
    _Thing("Socket", "switch", device_class="outlet"),
    _Thing("Temperature", "sensor", device_class="temperature"),
    _Thing("Fan", "fan", "percentage", alias="Ventilator"),
    _Thing("Wall Light", "light", "brightness", alias="Sconce"),
    _Thing("Door", "lock"),
    _Thing("Curtain", "cover", "position stop", "curtain"),
    _Thing("Window", "binary_sensor", device_class="window"),
    _Thing("Desk Lamp", "light", "brightness"),
    _Thing("Television", "media_player", "volume playback", alias="Telly"),
    _Thing("Coffee Maker", "switch", alias="Espresso Machine"),
    _Thing("Motion", "binary_sensor", device_class="motion"),
    _Thing("Spotlights", "light", "brightness color color_temp"),
    _Thing("Dehumidifier", "humidifier"),
    _Thing("Vacuum", "vacuum", alias="Hoover"),
    _Thing("Evening Scene", "scene"),
)


@dataclass(frozen=True)
class Spoken:
    """An utterance, the compact line that it means, and the device that it names, if it names one."""

    text: str
    line: str
    device: str | None = None


def generated_home(devices: int) -> Home:
    """A home of that many devices, at most 3,000; a bigger one contains the smaller one's first rooms."""
    rooms = max(3, -(-devices // _DEVICES_PER_ROOM))
    names = [" ".join(filter(None, pair)) for pair in islice(product(_WINGS, _ROOMS), rooms)]
    areas = tuple(Area(name, _FLOORS[i // 4 % len(_FLOORS)]) for i, name in enumerate(names))
    return Home(tuple(islice(_devices(names), devices)), areas, tuple(map(Floor, _FLOORS)), name=f"home of {devices}")


def _devices(rooms: list[str]) -> Iterator[Device]:
    """A row of devices through all rooms, then the next row, so that every room is furnished alike."""
    for row in range(len(_THINGS)):
        for i, room in enumerate(rooms):
            thing = _THINGS[row if row < 4 else 4 + (row + 3 * i) % (len(_THINGS) - 4)]
            aliased = thing.alias and (row + i) % 5 == 0
            yield Device(
                f"{thing.kind}.{room}_{thing.name}".lower().replace(" ", "_"),
                f"{room} {thing.name}",
                thing.kind,
                thing.device_class,
                room,
                (f"{room} {thing.alias}",) if aliased else (),
                frozenset(thing.capabilities.split()),
                modes=("heat", "off") if thing.kind == "climate" else (),
            )


#: For devices: the kind, a capability that it must have, the text and the line.
_SAID: tuple[tuple[Kind, str, str, str], ...] = (
    ("light", "", "turn on the {}", "on {}"),
    ("light", "brightness", "set the {} to 40 percent", "brightness40 {}"),
    ("cover", "", "close the {}", "close {}"),
    ("climate", "temperature", "set the {} to 21 degrees", "temperature21 {}"),
    ("light", "color", "make the {} red", "color red {}"),
    ("media_player", "playback", "pause the {}", "pause {}"),
    ("switch", "", "switch the {} off please", "off {}"),
    ("fan", "percentage", "{} to 50 percent", "speed50 {}"),
    ("cover", "position", "{} to 30 percent", "position30 {}"),
    ("light", "", "is the {} on", "is {}"),
    ("lock", "", "lock the {}", "lock {}"),
    ("media_player", "volume", "set the volume of the {} to 20", "volume20 {}"),
    ("light", "brightness", "make the {} brighter", "brighter {}"),
    ("climate", "", "what is the temperature of the {}", "get temperature {}"),
    ("scene", "", "activate {}", "run {}"),
    ("vacuum", "", "start the {}", "clean {}"),
)
_PLACES = (
    ("turn off the lights in the {}", "off lights {}"),
    ("open the blinds in the {}", "open blinds {}"),
    ("is a light on in the {}", "is lights {}"),
    ("switch everything off in the {}", "off everything {}"),
)
_ALWAYS = (
    Spoken("dim the kitchen lights to 30 percent", " brightness30 kitchen"),
    Spoken("turn off all the lights", " off lights everywhere"),
    Spoken("start a timer for 5 minutes", " timer5m"),
    Spoken("tell me a joke", " none"),
)


def spoken_in(home: Home, count: int = 40) -> list[Spoken]:
    """Plain utterances about the home, spread over its rooms and kinds."""
    return list(islice(_spoken(home), count))


def _spoken(home: Home) -> Iterator[Spoken]:
    yield from _ALWAYS
    turn = 0
    while True:
        for kind, capability, text, line in _SAID:
            fitting = [d for d in home.devices if d.kind == kind and (not capability or capability in d.capabilities)]
            if fitting:
                device = fitting[(7 * turn + 3) % len(fitting)]
                name = normalise_utterance(device.name)
                yield Spoken(text.format(name), " " + line.format(name), device.id)
            turn += 1
        for i, (text, line) in enumerate(_PLACES):
            blinds = [a for a in home.areas if any(d.device_class == "blind" for d in home.in_area(a.name))]
            areas = blinds if "blinds" in line else [a for a in home.areas if home.in_area(a.name)]
            place = normalise_utterance(areas[(5 * turn + i) % len(areas)].name)
            yield Spoken(text.format(place), " " + line.format(place))


def phrasings(device: Device) -> Iterator[tuple[str, str]]:
    """How people name a device, as (sort, utterance); for measuring whether a shortlist still holds it."""
    name, area = normalise_utterance(device.name), normalise_utterance(device.area or "")
    yield "name", f"turn the {name} on please"
    if area and name.startswith(f"{area} "):
        yield "turned round", f"could you switch off the {name.removeprefix(f'{area} ')} in the {area}"
    for alias in device.aliases:
        yield "alias", f"toggle the {normalise_utterance(alias)}"
    yield "misspelt", f"turn on the {_misspelt(name)}"
    yield "joined", f"is the {_joined(name)} on"


def _misspelt(name: str) -> str:
    """The longest word with two letters exchanged, as fingers do."""
    word = max(name.split(), key=len)
    middle = len(word) // 2
    wrong = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return name.replace(word, wrong, 1)


def _joined(name: str) -> str:
    """The last two words as one, as recognisers write them."""
    head, _, last = name.rpartition(" ")
    return head + last
