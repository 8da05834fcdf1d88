"""A cheap guess of the whole line, by keywords. The model verifies it in the batch that reads the utterance.

A wrong guess costs the tokens of the guess and nothing else, so this need not be clever: it is right on the plain
commands that
make up most of a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from edgeassist.functions.colors import CSS_COLORS

from .lexicon import EVERYWHERE, HERE, Lexicon
from .nouns import ALL, KIND_NOUNS

_QUESTION = re.compile(r"^(is|are|was|were|did|does|which|what|what's|how|has|have|any)\b")
_PERCENT = re.compile(r"\b(\d{1,3}) ?percent\b|\bto (\d{1,3})\b")
_DEGREES = re.compile(r"\b(\d{1,2}(?:\.\d)?) ?degrees?\b|\bto (\d{1,2}(?:\.\d)?)\b")
_EVERYWHERE = re.compile(r"\b(all|every|everywhere|whole|entire)\b")
#: Pattern -> verb, the first that matches wins; a verb with "#" takes a number, without one it is passed over.
_VERBS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), verb)
    for pattern, verb in (
        ("unlock", "unlock"),
        ("lock", "lock"),
        ("unmute", "unmute"),
        ("mute", "mute"),
        ("degrees?|temperature|heating|thermostat|radiator", "temperature#"),
        ("volume|louder|quieter", "volume#"),
        ("fan|speed", "speed#"),
        ("blinds?|curtains?|shades?|shutters?|awnings?|covers?|valves?|position", "position#"),
        ("percent|brightness|dim|lights?|lamps?", "brightness#"),
        ("brighter|brighten", "brighter"),
        ("dim|darker|dimmer", "darker"),
        ("warmer", "warmer"),
        ("cooler|colder", "cooler"),
        ("louder|volume up|turn up", "louder"),
        ("quieter|volume down|turn down", "quieter"),
        ("toggle", "toggle"),
        ("open|raise", "open"),
        ("close|shut|lower", "close"),
        ("off", "off"),
        ("pause", "pause"),
        ("resume|play", "play"),
        ("next|skip", "next"),
        ("previous", "previous"),
        ("dock|return|home", "dock"),
        ("vacuum|clean|mow|hoover", "clean"),
        ("activate|scene|run", "run"),
        ("on", "on"),
        ("stop", "stop"),
    )
)


def draft(text: str, lexicon: Lexicon) -> str | None:
    """A compact line that the (normalised) text could mean, or None. It may be outside the grammar."""
    target = _label(text, lexicon)
    if _QUESTION.match(text):
        subject = target or _qualified(text, lexicon)
        if "temperature" in text or "warm" in text or "cold" in text:
            return f" get temperature {target or _place(text, lexicon)}"
        return f" is {subject}" if subject else None
    color = next((word for word in text.split() if word in CSS_COLORS), None)
    if color is not None:
        return f" color {color} {target or _place(text, lexicon)}"
    verb = _verb(text)
    if verb is None:
        return None
    if target is None:
        target = (
            _qualified(text, lexicon)
            if verb in {"on", "off", "toggle", "open", "close", "stop", "clean", "dock"}
            else None
        )
        target = target or (_place(text, lexicon) if verb not in {"on", "off", "open", "close"} else None)
    return f" {verb} {target}" if target else None


def _verb(text: str) -> str | None:
    for pattern, verb in _VERBS:
        if not pattern.search(text):
            continue
        if not verb.endswith("#"):
            return verb
        number = (_DEGREES if verb == "temperature#" else _PERCENT).search(text)
        if number:
            return verb[:-1] + (number[1] or number[2])
    return None


def _longest(text: str, names: Iterable[str]) -> str | None:
    padded = f" {text} "
    return max((name for name in names if f" {name} " in padded), key=len, default=None)


def _label(text: str, lexicon: Lexicon) -> str | None:
    """The longest label in the text."""
    return _longest(text, lexicon.labels)


def _place(text: str, lexicon: Lexicon) -> str:
    return _longest(text, lexicon.places) or (EVERYWHERE if _EVERYWHERE.search(text) else HERE)


def _qualified(text: str, lexicon: Lexicon) -> str | None:
    """A noun with its place, such as "lights kitchen" for "the light in the kitchen"."""
    spoken = set(text.split())
    shared = _longest(text, lexicon.shared)
    noun = shared or next(
        (n.plural for n in (*KIND_NOUNS, ALL) if n.plural in lexicon.nouns and spoken & {n.plural, n.singular}), None
    )
    return f"{noun} {_place(text, lexicon)}" if noun else None
