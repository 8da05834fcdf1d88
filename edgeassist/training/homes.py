"""Random homes, as people really furnish and name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Literal

from edgeassist.home import Area, Device, Home

from .areas import random_areas
from .template import words
from .things import Thing, thing

#: What a room of that sort tends to hold: thing -> weight.
_INDOOR = {
    "light": 40,
    "switch": 13,
    "fan": 3,
    "cover": 11,
    "climate": 7,
    "tv": 5,
    "speaker": 6,
    "sensor": 8,
    "contact": 7,
    "vacuum": 2,
    "humidifier": 1.5,
    "lock": 3.5,
    "valve": 0.5,
    "siren": 0.4,
}
_OUTDOOR = {
    "light": 40,
    "switch": 18,
    "valve": 9,
    "entrance": 9,
    "lock": 9,
    "awning": 4,
    "speaker": 4,
    "sensor": 8,
    "contact": 8,
    "lawn_mower": 4,
    "siren": 1,
    "climate": 1,
    "fan": 0.5,
}
_OUTDOOR_WORDS = frozenset(
    "garden yard backyard patio terrace deck balcony porch driveway drive garage carport shed greenhouse "
    "pool pergola courtyard barn "
    "outside outdoors exterior lawn orchard pond".split()
)
_SIZES = (
    ((1, 4), 6),
    ((5, 8), 9),
    ((9, 16), 24),
    ((17, 28), 27),
    ((29, 45), 20),
    ((46, 70), 9),
    ((71, 120), 4),
    ((121, 200), 1),
)
_GENERIC = frozenset("light lights lamp lamps bulb fan blind blinds curtain curtains shade shutter tv speaker".split())


def random_home(rng: Random) -> Home:
    """A home of 1 to 200 devices. The same state of ``rng`` gives the same home."""
    low, high = rng.choices([s for s, _ in _SIZES], [w for _, w in _SIZES])[0]
    count = rng.randint(low, high)
    areas, floors = random_areas(rng, count)
    habit = _Habit(rng)
    devices = _devices(rng, areas, count, habit)
    return Home(
        tuple(devices), tuple(areas), tuple(floors), "F" if rng.random() < 0.3 else "C", f"home-{rng.randrange(10**9)}"
    )


class _Habit:
    """How the people of one home name things."""

    def __init__(self, rng: Random) -> None:
        self.area_in_name = rng.choice((0.0, 0.1, 0.3, 0.6, 1.0))
        self.brand = rng.choice((0.0, 0.05, 0.2, 0.5))
        self.odd = rng.choice((0.0, 0.02, 0.08, 0.3))
        self.plain = rng.choice((0.0, 0.1, 0.4))
        self.alias = rng.choice((0.0, 0.0, 0.05, 0.2))
        self.case = rng.choice(("title", "title", "title", "lower", "upper", "snake", "mixed"))
        self.homeless = rng.choice((0.0, 0.0, 0.03, 0.15, 1.0 if rng.random() < 0.15 else 0.0))


def _devices(rng: Random, areas: Sequence[Area], count: int, habit: _Habit) -> list[Device]:
    devices: list[Device] = []
    taken: set[tuple[str, str | None]] = set()
    scenes = min(count // 3, rng.choice((0, 0, 1, 2, 4, 7)))
    for number in range(count * 3):
        if len(devices) >= count:
            break
        area = None if rng.random() < habit.homeless else rng.choice(areas)
        sort = _sort(rng, area, house_wide=number < scenes)
        if sort in {"scene", "button", "alarm"} and rng.random() < 0.85:
            area = None
        device = _named(rng, thing(rng, sort, brand=habit.brand, odd=habit.odd), area, habit, len(devices))
        key = (device.name.lower(), device.area)
        if key in taken:
            continue
        taken.add(key)
        devices.append(device)
        if rng.random() < 0.06 and len(areas) > 1 and len(devices) < count:
            devices.append(_twin(rng, device, areas, len(devices), taken))
    return devices[:count]


def _sort(rng: Random, area: Area | None, *, house_wide: bool) -> str:
    if house_wide or (area is None and rng.random() < 0.35):
        return rng.choices(("scene", "button", "alarm"), (75, 20, 5))[0]
    if rng.random() < 0.03:
        return rng.choice(("scene", "button", "alarm", "vacuum"))
    outdoor = area is not None and set(area.name.lower().split()) & _OUTDOOR_WORDS
    mix = _OUTDOOR if outdoor else _INDOOR
    return rng.choices(list(mix), list(mix.values()))[0]


def _named(rng: Random, what: Thing, area: Area | None, habit: _Habit, number: int) -> Device:
    name = what.name
    if area is not None:
        prefix = area.name.lower()
        if prefix not in name and (rng.random() < habit.area_in_name or (name in _GENERIC and rng.random() < 0.3)):
            name = f"{name} {prefix}" if rng.random() < 0.04 else f"{prefix} {name}"
        elif what.kind in {"light", "climate"} and rng.random() < 0.015:
            name = prefix
    elif rng.random() < 0.02 and what.kind == "light":
        name = f"{rng.choice(words('areas.txt')['ground'])} {name}"
    aliases = (thing(rng, what.sort, brand=0.05, odd=0.2).name,) if rng.random() < habit.alias else ()
    shown = _style(rng, name, habit.case)
    return Device(
        f"d{number}",
        shown,
        what.kind,
        what.device_class,
        area.name if area else None,
        aliases,
        what.capabilities,
        what.modes,
        unit=what.unit,
    )


def _style(rng: Random, name: str, case: str) -> str:
    if case == "mixed":
        case = rng.choice(("title", "lower", "upper", "snake", "capital"))
    if case == "snake":
        return name.replace(" ", "_") if rng.random() < 0.5 else name.title()
    styles = {"title": str.title, "lower": str.lower, "upper": str.upper, "capital": str.capitalize}
    if case == "upper" and rng.random() < 0.7:
        case = "title"
    return styles[case](name).replace("'S", "'s")


def _twin(
    rng: Random, device: Device, areas: Sequence[Area], number: int, taken: set[tuple[str, str | None]]
) -> Device:
    """The same thing in another room, or the next of a row in the same room."""
    kind: Literal["room", "row"] = "room" if rng.random() < 0.6 else "row"
    area = rng.choice(areas).name if kind == "room" else device.area
    name = device.name if kind == "room" else _next_name(rng, device.name)
    if kind == "room" and device.area and area:
        name = re.sub(rf"\b{re.escape(device.area)}\b", area, name, flags=re.IGNORECASE)
    if (name.lower(), area) in taken:
        name = f"{name} {number}"
    taken.add((name.lower(), area))
    return replace(device, id=f"d{number}_twin", name=name, area=area, aliases=())


def _next_name(rng: Random, name: str) -> str:
    digits = re.search(r"\d+$", name)
    if digits:
        return f"{name[: digits.start()]}{int(digits[0]) + 1}"
    for one, other in (("Left", "Right"), ("left", "right"), ("Big", "Small"), ("big", "small"), ("Front", "Back")):
        if one in name:
            return name.replace(one, other)
    return f"{name} {rng.choice(('2', '2', 'Left', 'Right', 'Two', 'B', 'New'))}"
