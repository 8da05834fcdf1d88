"""What is said of light without a command in it, in plain words: "lights up", "darkness please", "I prefer blue light".

A model that has learned "lights on" and "lights off" takes the nearer of the two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from .exceptions import WRITTEN
from .hues import BASIC_COLORS
from .lexicon import Lexicon
from .verbs import COURTESY

#: Without one of these no sentence of these is said, and none need be compiled.
_WORDS = frozenset("up lighten darkness bulbs switch switches down dim prefer rather more".split()) | frozenset(
    BASIC_COLORS.split("|")
)
_END = r"(?P<end>(?: (?:please|now|thanks|thank you))*)"
_A_BIT = r"(?: (?:a|a little) (?:bit|little|touch|tad))?"
#: Plain words -> whole sentences.
_SENTENCES: Mapping[str, tuple[str, ...]] = {
    "make the lights brighter": (
        rf"lights up{_A_BIT}",
        r"(?:i need|give me) more light",
        rf"lighten (?:up|it(?: up)?|(?:up )?(?:the|this) room){_A_BIT}",
    ),
    "turn off the lights": (r"(?:total |complete )?darkness", r"(?:i want|give me) (?:(?:total|complete) )?darkness"),
    r"dim the \g<lights>": (r"(?:(?:cut|tone|turn) down|dim out) the (?P<lights>lights?)",),
    r"i want \g<color> lights": (r"i(?:'d| would)? (?:prefer|rather have) (?:an? )?(?P<color>\w+) lights?",),
    r"make the lights \g<color>": (rf"(?:turn|switch|put) on (?:the |some )?(?P<color>{BASIC_COLORS}) lights?",),
}
#: Other words for all the lights of a room, unless something here is called so.
_LIGHTS = re.compile(r"\b(?:bulbs|light switch(?:es)?)\b")


def plainly_lit(words: str, lexicon: Lexicon) -> str:
    """An utterance (see :func:`edgeassist.language.clauses.paused`) that speaks of the lights in plain words."""
    if "lights" not in lexicon.nouns or _WORDS.isdisjoint(words.split()) or WRITTEN.search(words):
        return words
    if lexicon.words.isdisjoint({"bulbs", "switch", "switches"}):
        words = _LIGHTS.sub("lights", words)
    for plain, pattern in _patterns():
        # A red light may be the name of one.
        if (found := pattern.fullmatch(words)) and found.groupdict().get("color") not in lexicon.words:
            return found.expand(plain)
    return words


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (rf"{plain}\g<end>", re.compile(rf"{COURTESY}(?:{'|'.join(said)}){_END}")) for plain, said in _SENTENCES.items()
    ]
