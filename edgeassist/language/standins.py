"""What a verb means for a device that has no such thing: who turns a sprinkler on opens a valve.

The model may say the verb of the sentence; which function of the contract it is for that device, its kind decides.
Locks, gates and garage doors have no part in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgeassist.functions import Form, Function
from edgeassist.functions.covers import ENTRANCES
from edgeassist.home import Device

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


def standin(functions: Mapping[str, Function], form: Form, device: Device) -> tuple[Function, Form] | None:
    """What the form's verb means for a device that it does not suit; None where it means nothing."""
    verb = _verb(form.verb, device.kind)
    if verb is None or device.device_class in ENTRANCES:
        return None
    return next(((f, each) for f, each in _forms(functions) if each.verb == verb and f.suits(each, device)), None)


def _verb(verb: str, kind: str) -> str | None:
    scale = next((scale for scale in _SCALES if verb in scale.values()), None)
    return (scale or _INSTEAD.get(verb, {})).get(kind)


def _forms(functions: Mapping[str, Function]) -> Iterator[tuple[Function, Form]]:
    return ((function, form) for function in functions.values() for form in function.forms)
