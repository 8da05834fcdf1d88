"""Colours as people say them, in names that a lamp knows: "a lovely deep blue" is blue, "pinkish" is pink.

A model that must choose among the names of CSS takes the one that looks like what was said: deep sky blue, for deep
blue.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from edgeassist.functions.colors import CSS_COLORS

from .exceptions import WRITTEN

BASIC_COLORS = "red|orange|yellow|green|blue|purple|violet|pink|magenta|turquoise|teal|cyan|gold|lavender|indigo"
#: In front of a colour these say how much of it there is to be, or that one likes it.
_HOW = "deep|rich|bold|strong|bright|vivid|intense|warm|nice|lovely|pretty|beautiful|proper|really"
_TUNED = re.compile(rf"\b(?:(?:{_HOW}) )+(?P<color>{BASIC_COLORS})\b(?! (?:white|light\b|lights\b|lamp))")
_ISH = re.compile(r"\b(?P<color>pink|red|blu|green|yellow|purpl|orang)(?:d?ish|(?<=[klg])e?y)\b(?! (?:white|like)\b)")
_STEMS = {"blu": "blue", "purpl": "purple", "orang": "orange"}
#: Names that CSS lacks.
_OTHERS = {
    "scarlet": "crimson",
    "ruby": "crimson",
    "ruby red": "crimson",
    "blood red": "crimson",
    "cherry red": "crimson",
    "wine red": "maroon",
    "burgundy": "maroon",
    "rose": "pink",
    "amber": "orange",
    "cream": "ivory",
}
#: What a lamp is now says nothing of what it is to be.
_FROM = re.compile(rf"\bfrom (?:{BASIC_COLORS}|white) (?=to (?:{BASIC_COLORS}|white)\b)")
#: What stands in front of a colour: else a rose is a flower, and amber a girl.
_NAMED = re.compile(
    r"(?P<before>\b(?:to|a|an|it|lights?|lamps?|bulbs?|strips?|colou?r|room|go|everything) )"
    rf"(?P<name>{'|'.join(_OTHERS)})(?=$| [,?.]| (?:please|now|and|at|colou?r|light|lights)\b)"
)


def in_plain_colors(words: str, known: Collection[str]) -> str:
    """An utterance with the names of colours in it; ``known`` are the words of this home's names, which stay."""
    if WRITTEN.search(words):
        return words
    words = _ISH.sub(lambda found: _own(found, _STEMS.get(found["color"], found["color"]), known), words)
    words = _NAMED.sub(lambda found: _own(found, found["before"] + _OTHERS[found["name"]], known), words)
    return _TUNED.sub(lambda found: _tuned(found, known), _FROM.sub("", words))


def _own(found: re.Match[str], plain: str, known: Collection[str]) -> str:
    return plain if set(found[0].split()[-1:]).isdisjoint(known) else found[0]


def _tuned(found: re.Match[str], known: Collection[str]) -> str:
    """The colour alone, unless CSS has one of that name, as deep pink, or something here is called so."""
    is_name = found[0].replace(" ", "") in CSS_COLORS or set(found[0].split()) <= set(known)
    return found[0] if is_name else found["color"]
