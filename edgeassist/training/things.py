"""One thing that people own: its usual names, its kind, its class and what it can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from edgeassist.functions.climate import MODES
from edgeassist.home import Kind

from .template import words

_MADE_UP_STARTS = "b bl br c ch d dr f fl g gl gr h j k kr l m n p pl qu r s sk sn st t tr v w y z".split()
_MADE_UP_VOWELS = "a e i o u ai ee oo ou ia".split()
_MADE_UP_ENDS = "b ck d g k l m n nt p r rb s sk t x zz la na ro mi sta by".split()
_ADJECTIVES = (
    "big little old new red blue green white black round tall small left right upper lower front back "
    "great tiny cosy fancy broken "
).split()


@dataclass(frozen=True)
class Thing:
    """``sort`` is the list that the name is from; ``name`` is in lower case."""

    sort: str
    name: str
    kind: Kind
    device_class: str | None = None
    capabilities: frozenset[str] = frozenset()
    modes: tuple[str, ...] = ()
    unit: str | None = None


#: Sorts that a room asks for, and the finer sorts that they are.
_FINER: Mapping[str, Mapping[str, float]] = {
    "cover": {"blind": 35, "curtain": 24, "shade": 18, "shutter": 14, "window": 3, "covermisc": 6},
    "entrance": {"garage": 50, "gate": 35, "door": 15},
    "sensor": {"temperature": 40, "humidity": 20, "battery": 10, "power": 12, "othersensor": 18},
    "contact": {"door_sensor": 30, "window_sensor": 28, "motion_sensor": 25, "leak_sensor": 8, "smoke_sensor": 9},
}
_COVERS = {
    "blind": "blind",
    "curtain": "curtain",
    "shade": "shade",
    "shutter": "shutter",
    "awning": "awning",
    "garage": "garage",
    "gate": "gate",
    "door": "door",
    "window": "window",
    "covermisc": None,
}
_CONTACTS = {
    "door_sensor": ("door",),
    "window_sensor": ("window",),
    "motion_sensor": ("motion", "occupancy", "presence"),
    "leak_sensor": ("moisture",),
    "smoke_sensor": ("smoke", "gas", "carbon_monoxide"),
}
_UNITS = {"temperature": "°C", "humidity": "%", "battery": "%", "power": "W"}
_KINDS: Mapping[str, Kind] = {
    "light": "light",
    "switch": "switch",
    "fan": "fan",
    "valve": "valve",
    "lock": "lock",
    "tv": "media_player",
    "speaker": "media_player",
    "vacuum": "vacuum",
    "lawn_mower": "lawn_mower",
    "humidifier": "humidifier",
    "siren": "siren",
    "scene": "scene",
    "button": "button",
    "alarm": "alarm_control_panel",
}
#: What devices of a kind can do beyond their own on and off, and how often.
_CHANCES: Mapping[Kind, tuple[tuple[str, float], ...]] = {
    "switch": (("power", 0.1),),
    "fan": (("percentage", 0.8),),
    "cover": (("position", 0.8), ("stop", 0.85)),
    "valve": (("position", 0.35), ("stop", 0.2)),
    "lock": (("battery", 0.1),),
    "media_player": (("volume", 0.95), ("playback", 0.93)),
}


def thing(rng: Random, sort: str, *, brand: float, odd: float) -> Thing:
    """A thing of that sort; ``brand`` and ``odd`` are the chances of a brand's name and of an unusual one."""
    if finer := _FINER.get(sort):
        sort = rng.choices(list(finer), list(finer.values()))[0]
    return _kinds(rng, sort, _name(rng, sort, brand, odd))


def made_up(rng: Random) -> str:
    """A word that no dictionary has, so that a model learns to copy."""
    syllables = [rng.choice(_MADE_UP_STARTS) + rng.choice(_MADE_UP_VOWELS) for _ in range(rng.randint(1, 2))]
    return "".join(syllables) + rng.choice(_MADE_UP_ENDS)


def _name(rng: Random, sort: str, brand: float, odd: float) -> str:
    lists = words("devices.txt")
    chance = rng.random()
    if f"{sort}brand" in lists and chance < brand:
        return rng.choice(lists[f"{sort}brand"])
    usual = lists[sort]
    name = usual[int(len(usual) * rng.random() ** 1.5)]
    if sort in {"battery", "power", "temperature", "humidity", "othersensor"}:
        return name
    if rng.random() < odd:
        noun = made_up(rng) if rng.random() < 0.25 else rng.choice(lists["noun"])
        return noun if rng.random() < 0.4 else f"{noun} {name.split()[-1]}"
    if rng.random() < 0.06:
        return f"{rng.choice(_ADJECTIVES)} {name}"
    if rng.random() < 0.05:
        return f"{_person(rng)}'s {name}"
    return f"{name} {rng.randint(1, 6)}" if rng.random() < 0.05 and not name[-1].isdigit() else name


def _person(rng: Random) -> str:
    return rng.choice([name for name in words("areas.txt")["people"] if not name.startswith("the ")])


def _kinds(rng: Random, sort: str, name: str) -> Thing:
    if sort == "climate":
        return _climate(rng, name)
    kind = _KINDS.get(sort) or ("cover" if sort in _COVERS else "binary_sensor" if sort in _CONTACTS else "sensor")
    capabilities = _light(rng) if sort == "light" else _some(rng, *_CHANCES.get(kind, ()))
    return Thing(sort, name, kind, _class(rng, sort, name), capabilities, unit=_UNITS.get(sort))


def _class(rng: Random, sort: str, name: str) -> str | None:
    """The device class that such a thing is announced with."""
    if sort == "switch":
        return "outlet" if rng.random() < 0.4 or "plug" in name or "socket" in name else None
    if sort in {"tv", "speaker"}:
        return sort if rng.random() < 0.7 else None
    if sort in _CONTACTS:
        return rng.choice(_CONTACTS[sort])
    if sort == "valve":
        return rng.choice((None, "water"))
    return sort if sort in _UNITS else _COVERS.get(sort)


def _some(rng: Random, *chances: tuple[str, float]) -> frozenset[str]:
    return frozenset(name for name, chance in chances if rng.random() < chance)


def _light(rng: Random) -> frozenset[str]:
    return rng.choices(
        (
            frozenset(),
            frozenset({"brightness"}),
            frozenset({"brightness", "color_temp"}),
            frozenset({"brightness", "color"}),
            frozenset({"brightness", "color", "color_temp"}),
        ),
        (8, 30, 24, 10, 28),
    )[0]


def _climate(rng: Random, name: str) -> Thing:
    cold = set(name.split()) & {
        "ac",
        "air",
        "aircon",
        "hvac",
        "pump",
        "split",
        "daikin",
        "mitsubishi",
        "sensibo",
        "fujitsu",
        "toshiba",
        "lg",
    }
    warm = set(name.split()) & {
        "radiator",
        "heater",
        "heating",
        "boiler",
        "stove",
        "trv",
        "convector",
        "sauna",
        "tado",
        "danfoss",
    }
    modes: list[str] = ["off"]
    if cold:
        modes += ["cool", "dry", "fan_only", *(["heat", "auto", "heat_cool"] if rng.random() < 0.7 else [])]
    elif warm or rng.random() < 0.6:
        modes += ["heat", *(["auto"] if rng.random() < 0.6 else [])]
    else:
        modes = list(MODES)
    settable = _some(rng, ("temperature", 0.97), ("mode", 0.85))
    kept = tuple(mode for mode in MODES if mode in modes)
    return Thing("climate", name, "climate", None, settable, kept if "mode" in settable else ())
