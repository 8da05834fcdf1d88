"""What leaves out the one thing that it is about: "set a timer", "create a shopping list", "change the colour".

Nobody can do it without asking, and a model that must answer makes the rest up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from .verbs import COURTESY

_PLEASE = (
    rf"(?:(?:hey|ok|okay|so|now) )*{COURTESY}"
    r"(?:(?:help me(?: to)?|let's|i would like(?: you)? to|i'd like(?: you)? to|i (?:want|need)(?: you)? to) )?"
)
_END = r"(?: (?:please|now|for me|for us|today|thanks|thank you))*"
_NEW = r"(?:(?:an?|another|the|my|our|some|this) )?(?:(?:new|fresh|blank|empty|different|other) )?"
_MAKE = r"(?:create|make|start|begin|set up|set|generate|build|prepare|draw up)(?: (?:me|us))?"
_WISH = r"(?:open(?: up)?|get|do|give|have|need|i need|i want|i'd like)(?: (?:me|us))?"
_LIST = r"(?:(?P<before>(?!to (?!do\b))[\w']+(?: (?!lists?\b)[\w']+){0,2}) )?list"
_LAMPS = r"(?:[\w']+ ){0,2}?(?:lights?|lamps?|lighting|bulbs?)(?:'s)?"
_LIGHTS = rf"(?:the |my )?{_LAMPS}"
_CALLED = r"(?: (?:called|named|titled|entitled|for|of) (?:the |my )?(?P<behind>(?!me$|us$|me | us ).+))?"
_COLOR = r"colou?rs?"
_THERE = r"(?: (?:in|on|of|for) (?:the|my|this)(?: (?!to\b|by\b|at\b)[\w']+)+)?"
_CHANGE = r"(?:change|adjust|modify|alter)"
_SOME = r"(?:nice|random|other|another|different|new|better|pretty|lovely|funky|cool)"
_MOOD = r"(?:party|disco|mood|movie|romantic|christmas|colou?rful|ambient|relaxing|reading) (?:lighting|mode|setting)"
_THING = r"(?:items?|things?|something|entry|entries|stuff|one|more)"
#: What is asked -> what was said without it.
_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "What shall I put on the {name}list? Say for example: add milk to the {name}list.": (
        rf"(?:{_MAKE} {_NEW}|(?:{_WISH} )?(?:(?:an?|the|my) )?(?:another|new|fresh|blank) ){_LIST}{_CALLED}",
        rf"(?:add|put)(?: {_NEW}{_THING})? (?:to|on|onto) {_NEW}(?:(?P<onto>[\w']+(?: [\w']+)?) )?list",
    ),
    "Which colour? Say for example: make the lights blue.": (
        rf"(?:{_CHANGE}|switch|set|pick|choose) {_NEW}(?:{_LAMPS} )?{_COLOR}{_THERE}",
        rf"(?:make (?:it|the room|{_LIGHTS})|i want|i need|i'd like|give me|use) {_NEW}(?:light )?{_COLOR}",
        rf"(?:an? )?(?:different|other|another|new) {_COLOR}",
        rf"(?:make|turn|set|change|switch) (?:it|the room|{_LIGHTS}) (?:to )?(?:an? )?{_SOME} {_COLOR}",
    ),
    "What shall the light be? Say for example: dim the lights to 30 percent, or make the lights blue.": (
        rf"{_CHANGE} {_LIGHTS}{_THERE}",
        rf"(?:{_CHANGE}|switch|set) (?:the |my )?(?:lights?|lighting) (?:settings?|modes?|scheme|effects?){_THERE}",
        rf"(?:{_CHANGE}|switch|set|make|turn) {_LIGHTS} (?:to |on )?(?:a |the )?{_MOOD}",
    ),
    "For how long? Say for example: set a timer for 10 minutes.": (rf"(?:{_MAKE}|{_WISH}) {_NEW}timer",),
    "How loud? Say for example: volume 30, or a bit quieter.": (rf"(?:{_CHANGE}|set) (?:the |my )?volume{_THERE}",),
    "How warm? Say for example: set the heating to 20 degrees.": (
        rf"(?:{_CHANGE}|set) (?:the |my )?(?:temperature|thermostat|heating){_THERE}",
    ),
}
_ABOUT = frozenset(
    "list color colour colors colours lights light lamp lamps lighting bulb bulbs timer volume temperature thermostat"
    " heating".split()
)
_NAMES = ("behind", "before", "onto")


def left_open(words: str) -> str | None:
    """The question that (normalised) words leave open; None where they say all, or cannot be read so."""
    if _ABOUT.isdisjoint(words.split()):
        return None
    for pattern, asked in _patterns():
        if found := pattern.fullmatch(words):
            named = found.groupdict()
            name = next((named[name] for name in _NAMES if named.get(name)), "")
            return asked.format(name=name and f"{name.removesuffix(' list')} ")
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(f"{_PLEASE}(?:{'|'.join(said)}){_END}"), asked) for asked, said in _QUESTIONS.items()]
