"""Up or down as it was said: a model may hear the way in "up here" when something is turned down.

The particle of the verb tells, where the sentence has one command and one such particle. "Turn the AC up" is left to
the model: who says so wants it cooler, or a higher number. What cannot be heard is to be louder, and what it cannot be
heard over quieter. "Toggle the lamp on" is on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from edgeassist.functions import Form, Function

from .syntax import Reading

_TURNED = re.compile(
    r"\b(?:turn|crank|bump|knock|nudge|bring|pump|whack|push|dial|ramp|notch|tone|tune)\b(?: \S+){0,6}? (up|down)\b"
)
#: There may be another command, or what was said is taken back.
_MORE = frozenset(
    "and then but also while or not don't dont never no nah wait sorry actually mean meant rather silly oops".split()
)
_TOGGLED = re.compile(r"\btoggle (?!.* (?:from|between) )(?:.* )?(?P<way>on|off)(?: please)?$")
_COOLING = frozenset({"ac", "aircon", "air", "conditioner", "conditioning", "cooling"})
_UNHEARD = re.compile(
    r"\b(?:can't|cant|cannot|can not|canny|couldn't|(?:can|could) (?:barely|hardly)|don't) (?:\w+ )?hear "
    r"(?!myself|you\b|him\b|her\b|them\b|each|anything|any\b|a |it\b)(?P<wanted>.+?)(?: over (?P<noise>.+))?$"
)
_OPPOSITE = {"darker": "brighter", "cooler": "warmer", "quieter": "louder", "slower": "faster"}
_RELATIVE = _OPPOSITE.keys() | _OPPOSITE.values()
#: What was said -> verb that goes the other way -> the one that goes so.
_MEANT: Mapping[str, Mapping[str, str]] = {
    "up": _OPPOSITE,
    "down": {more: less for less, more in _OPPOSITE.items()},
}


def as_turned(readings: Iterable[Reading], text: str, functions: Mapping[str, Function]) -> tuple[Reading, ...]:
    """The readings of a (normalised) text, with what was turned up or down going that way."""
    readings = tuple(_toggled(reading, text, functions) for reading in readings)
    if not any(reading.form.verb in _RELATIVE or _is_full(reading) for reading in readings):
        return readings
    ways, unheard = set(_TURNED.findall(text)), _UNHEARD.search(text)
    words = set(text.split())
    if unheard and not ways:
        heard = {"up": set(unheard["wanted"].split()), "down": set((unheard["noise"] or "").split())}
        return tuple(_heard(reading, heard, functions) for reading in readings)
    if len(ways) != 1 or words & _MORE:
        return readings
    meant = _MEANT[ways.pop()]
    return tuple(_turned(reading, meant, words, functions) for reading in readings)


def _heard(reading: Reading, heard: Mapping[str, set[str]], functions: Mapping[str, Function]) -> Reading:
    """A volume that goes the way of the words that name what it belongs to."""
    named = {word for target in reading.targets for word in str(target).split()}
    ways = [way for way, words in heard.items() if named & words]
    verb = _MEANT[ways[0]].get(reading.form.verb) if len(ways) == 1 else None
    if verb is None or reading.function.name != "set_volume":
        return reading
    return replace(reading, form=_form(functions[reading.function.name], verb))


def _turned(reading: Reading, meant: Mapping[str, str], words: set[str], functions: Mapping[str, Function]) -> Reading:
    if _is_full(reading) and meant is _MEANT["down"]:
        return replace(reading, values=(0, *reading.values[1:]))
    verb = meant.get(reading.form.verb)
    if verb is None or reading.form.verb in words or (reading.function.name == "set_temperature" and words & _COOLING):
        return reading
    return replace(reading, form=_form(functions[reading.function.name], verb))


def _toggled(reading: Reading, text: str, functions: Mapping[str, Function]) -> Reading:
    """What is toggled "on" is switched on, whatever it was."""
    way = _TOGGLED.search(text) if reading.form.verb == "toggle" else None
    function = functions.get(f"turn_{way['way']}") if way else None
    return replace(reading, function=function, form=_form(function, way["way"])) if way and function else reading


def _is_full(reading: Reading) -> bool:
    """Whether the volume is to go all the way, which may be down."""
    return reading.form.verb == "volume" and reading.values[:1] == (100,)


def _form(function: Function, verb: str) -> Form:
    return next(form for form in function.forms if form.verb == verb)
