"""What a verb means for a device that has no such thing: who turns a sprinkler on opens a valve.

The model may say the verb of the sentence; which function of the contract it is for that device, its kind decides.
Locks, gates and garage doors have no part in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from edgeassist.functions import Form, Function
from edgeassist.functions.covers import ENTRANCES
from edgeassist.home import Device
from edgeassist.text import normalise_utterance

_ROBOTS = ("vacuum", "lawn_mower")
_SWITCHED = ("light", "switch", "fan", "humidifier")
#: Verb -> kind of device -> the verb that it has instead.
_INSTEAD: Mapping[str, Mapping[str, str]] = {
    "on": {"valve": "open", "scene": "run", "button": "run", **dict.fromkeys(_ROBOTS, "clean")},
    "off": {"valve": "close", **dict.fromkeys(_ROBOTS, "dock")},
    "open": dict.fromkeys(_SWITCHED, "on"),
    "close": dict.fromkeys((*_SWITCHED, "media_player"), "off"),
    "stop": {**dict.fromkeys(_SWITCHED, "off"), "media_player": "halt"},
    "halt": {**dict.fromkeys(_SWITCHED, "off"), "cover": "stop", "valve": "stop"},
    "pause": {"cover": "stop"},
    "run": dict.fromkeys(_ROBOTS, "clean"),
}
_PERCENT = {"light": "brightness", "cover": "position", "valve": "position", "fan": "speed", "media_player": "volume"}
_MORE = {"light": "brighter", "fan": "faster", "media_player": "louder"}
_LESS = {"light": "darker", "fan": "slower", "media_player": "quieter"}
_SCALES = (_PERCENT, _MORE, _LESS)
#: Wishes for a place that what stands there grants by being switched on, and the last word of its name. A flame is
#: never lit by a guess.
_GRANTED_BY = {
    "warmer": frozenset("heater heaters radiator convector".split()),
    "cooler": frozenset("fan aircon ac".split()),
}
_OTHERS = frozenset(
    "water immersion towel extractor exhaust hood cooker bathroom vent bed blanket tank pool aquarium gas".split()
)


def standin(functions: Mapping[str, Function], form: Form, device: Device) -> tuple[Function, Form] | None:
    """What the form's verb means for a device that it does not suit; None where it means nothing."""
    verb = _verb(form.verb, device.kind)
    if verb is None or device.device_class in ENTRANCES:
        return None
    return next(((f, each) for f, each in _forms(functions) if each.verb == verb and f.suits(each, device)), None)


def grants(verb: str, device: Device) -> bool:
    """Whether to switch the device on is what somebody means who wants it warmer or cooler where it is."""
    words = _GRANTED_BY.get(verb)
    if words is None or device.kind not in {"switch", "fan"} or named(device, _OTHERS):
        return False
    names = (normalise_utterance(name).split() for name in (device.name, *device.aliases))
    return any(name[-1] in words for name in names if name) or (device.kind == "fan" and verb == "cooler")


def named(device: Device, words: Collection[str]) -> bool:
    """Whether one of the words is in a name of the device."""
    return any(word in words for name in (device.name, *device.aliases) for word in normalise_utterance(name).split())


def _verb(verb: str, kind: str) -> str | None:
    scale = next((scale for scale in _SCALES if verb in scale.values()), None)
    return (scale or _INSTEAD.get(verb, {})).get(kind)


def _forms(functions: Mapping[str, Function]) -> Iterator[tuple[Function, Form]]:
    return ((function, form) for function in functions.values() for form in function.forms)
