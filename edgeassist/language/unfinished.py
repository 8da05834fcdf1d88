"""What leaves out the one thing that it is about: "set a timer", "create a shopping list", "change the colour".

Nobody can do it without asking, and a model that must answer makes the rest up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from .verbs import COURTESY

_PLEASE = (
    rf"(?:(?:hey|ok|okay|so|now) )*{COURTESY}"
    r"(?:(?:help me(?: to)?|let's|let me|i would like(?: you)? to|i'd like(?: you)? to|i (?:want|need)(?: you)? to) )?"
)
_END = r"(?: (?:please|now|for me|for us|today|thanks|thank you))*"
_NEW = r"(?:(?:an?|another|the|my|our|some|this) )?(?:(?:new|fresh|blank|empty|different|other) )?"
_OTHER = r"(?:(?:an?|the|my) )?(?:another|new|fresh|blank)"
_MAKE = (
    r"(?:create|make|start|begin|set up|set|generate|build|prepare|draw up|write(?: down| up| out)?|record|form|draft"
    r"|compile|organi[sz]e|put together|take(?: down)?|do|type|save|log|note(?: down)?|jot(?: down)?|initiate"
    r"|initiali[sz]e|establish|construct|produce|design|develop|store|dictate|keep|fill(?: out| in)?"
    r"|update|edit|change|extend|expand|append)(?: (?:me|us))?"
)
_START = r"(?:create|make|start|begin|set up|set|do)(?: (?:me|us))?"
_WISH = (
    r"(?:(?:open|bring|pull)(?: up)?|show|add(?: in)?|get|do|give|have|how about|i need|i want|i'd like|i would like)"
    r"(?: (?:me|us))?"
)
_NO_KIND = r"(?!(?:lists?|on|onto|in|into|off|from|the|my|an?|with|and|to(?! do))\b)"
_LIST = rf"(?:(?P<before>{_NO_KIND}[\w']+(?: {_NO_KIND}[\w']+){{0,2}}) )?list"
_WANTED = (
    r"(?:(?:i )?need|(?:i )?want|i'd like|i would like|add|(?:can|could|may) (?:i|we) (?:have|get)|give me"
    r"|help me with)"
)
_MAY = r"(?:(?:(?:how )?(?:can|could|may|do) (?:i|we)|is it possible to|(?:i|we) have to|need to|want to) )?"
_LAMPS = r"(?:[\w']+ ){0,2}?(?:lights?|lamps?|lighting|bulbs?)(?:'s)?"
_LIGHTS = rf"(?:the |my )?{_LAMPS}"
_CALLED = (
    r"(?: (?:called|named|titled|entitled|for|of|under the name(?: of)?|(?:and )?(?:call|name|title) it) (?:the |my )?"
    r"(?P<behind>(?!me$|us$|me | us ).+))?"
)
_COLOR = r"colou?rs?"
_THERE = r"(?: (?:in|on|of|for) (?:the|my|this)(?: (?!to\b|by\b|at\b)[\w']+)+)?"
_CHANGE = r"(?:change|adjust|modify|alter)"
_SOME = r"(?:nice|random|other|another|different|new|better|pretty|lovely|funky|cool|favou?rite)"
_DISLIKE = r"(?:i (?:don't|dont|do not) like|i hate|i'm (?:bored|tired|sick) of)"
_VERB = r"(?:change|switch|activate|try|select|pick|choose|use|go|set|turn)(?: to)?"
_IT = r"(?:this|that|it|these|those|them)"
_MAKE_IT = r"(?:make|turn|set|change|switch)"
_FOR = r"(?:for|to|suit|match|fit) (?:(?:an?|the|my|our|some) )?"
_MOODS = (
    "party|disco|mood|movies?(?: night)?|film|romantic|romance|christmas|holiday|halloween|ambient|ambience|relaxing"
    "|relax|relaxation|reading|dinner|studying|working|cosy|cozy|sunset|sunrise|rainbow|gaming|colou?rful"
)
_MOOD_WORDS = frozenset(re.findall(r"\w+", _MOODS.replace("s?", "").replace("u?", "u"))) | frozenset(
    "movies colorful atmosphere ambiance festive".split()
)
_MODE = rf"(?:{_MOODS}) (?:lighting|modes?|settings?|colou?rs?|scheme|atmosphere|mood|theme|effects?)"
#: A reading light is a thing, and so are Christmas lights.
_MOODY = r"(?:party|disco|mood|romantic|ambient|relaxing|cosy|cozy|sunset|rainbow|colou?rful) (?:lighting|lights?)"
_THING = r"(?:items?|things?|something|entry|entries|stuff|one|more|tasks?|events?|names?|people)"
_THESE = r"(?:this|that|these|those|them|the following|the next)(?: (?:new )?(?:items?|things?|ones?|stuff))?"
_ONTO = r"(?:to|on|onto|in|into|for)"
_PUT = r"(?:add|put|save|write(?: down)?|include|insert|enter|place|append|note(?: down)?|get|attach|move|copy)"
#: What is asked -> words of which one must have been said, and what was said without it.
_QUESTIONS: Mapping[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "What shall I put on the {name}list? Say for example: add milk to the {name}list.": (
        frozenset("list task checklist do note notes".split()),
        (
            rf"(?:{_MAY}{_MAKE} {_NEW}|(?:{_WISH} )?{_OTHER} |{_WANTED} (?:an? |(?=list\b))){_LIST}{_CALLED}",
            rf"{_MAKE} (?:an? |another |my )?(?:new )?(?:checklist|(?P<kind>to do|task))(?: (?:list|for) .+)?",
            r"(?:add |new )?(?:an? |another )?(?:new )?task",
            rf"{_MAY}{_PUT}(?: {_NEW}{_THING}| {_THESE})? {_ONTO} {_NEW}(?:(?P<onto>[\w']+(?: [\w']+)?) )?list",
            rf"(?:i|we) have {_NEW}(?:{_THING}|list) to (?:add|put|create|make)(?: (?:to|on|onto) {_NEW}list)?",
            rf"(?:take|make) (?:an? )?notes? of {_THESE}",
            rf"(?:put|get) {_NEW}list (?:together|going|ready|started)",
        ),
    ),
    "Which colour? Say for example: make the lights blue.": (
        frozenset("color colour colors colours hue hues colourful colorful".split()),
        (
            rf"(?:{_CHANGE}|switch|set|pick|choose) {_NEW}(?:{_LAMPS} )?{_COLOR}{_THERE}",
            rf"(?:make (?:it|the room|{_LIGHTS})|i want|i need|i'd like|give me|use) {_NEW}(?:light )?{_COLOR}",
            rf"(?:{_VERB} )?(?:an? )?(?:different|other|another|new|next|random) (?:lights? )?{_COLOR}(?: lights?)?",
            rf"{_CHANGE} (?:the |my )?(?:lights? )?hues?",
            rf"(?:surprise me with|make up|pick|choose) {_NEW}(?:{_SOME} )?{_COLOR}",
            rf"{_DISLIKE} (?:this|that|the) {_COLOR}(?: of the {_LAMPS})?(?: (?:change|switch) (?:it|that))?",
            rf"{_MAKE_IT} (?:it|the room|{_LIGHTS}) (?:to )?(?:(?:an?|my) )?(?:{_SOME} {_COLOR}|colou?rful)",
        ),
    ),
    "What shall the light be? Say for example: dim the lights to 30 percent, or make the lights blue.": (
        _MOOD_WORDS
        | frozenset("change adjust modify alter set mode modes setting settings scheme theme lighting".split()),
        (
            rf"{_CHANGE} {_LIGHTS}{_THERE}",
            rf"set (?:the |my )?(?:lights?|lighting){_THERE}",
            rf"(?:{_CHANGE}|switch|set) (?:the |my )?(?:lights?|lighting) (?:settings?|modes?|scheme|effects?){_THERE}",
            rf"(?:{_CHANGE}|switch|set|make|turn) {_LIGHTS} (?:(?:to|on|into|a|the) )*{_MODE}",
            rf"{_VERB} (?:(?:the|on|into|a) )*(?:[\w']+ )?lights? (?:settings?|modes?|scheme|theme)",
            rf"(?:(?:{_CHANGE}|switch|set|make|turn|put)(?: up)? )?(?:(?:to|it|an?|the|some|my) )*{_MOODY}{_THERE}",
            rf"(?:(?:{_CHANGE}|switch|set|make) )?{_LIGHTS} {_FOR}(?:{_MOODS})",
            r"(?:make|get) (?:it|things) (?:romantic|co[sz]y|festive)(?: in here)?",
            rf"(?:set|change|create|switch) (?:(?:an?|the|my) )?(?:(?:{_MOODS}) )?(?:mood|ambi[ae]nce|atmosphere)",
        ),
    ),
    "How bright? Say for example: brightness 50 percent, or a bit brighter.": (
        frozenset("brightness intensity level dimness".split()),
        (rf"(?:{_CHANGE}|set) (?:the |my )?(?:{_LAMPS} )?(?:brightness|intensity|light level|dimness){_THERE}",),
    ),
    "Which one? Say for example: turn off the lamp.": (
        frozenset("on off".split()),
        (rf"(?:turn|switch|shut|put) (?:{_IT} (?:on|off)|(?:on|off)(?: {_IT})?)",),
    ),
    "For how long? Say for example: set a timer for 10 minutes.": (
        frozenset({"timer"}),
        (rf"(?:{_START}|{_WISH}) {_NEW}timer",),
    ),
    "How loud? Say for example: volume 30, or a bit quieter.": (
        frozenset("volume".split()),
        (rf"(?:{_CHANGE}|set) (?:the |my )?volume{_THERE}",),
    ),
    "How warm? Say for example: set the heating to 20 degrees.": (
        frozenset("temperature thermostat heating".split()),
        (rf"(?:{_CHANGE}|set) (?:the |my )?(?:temperature|thermostat|heating){_THERE}",),
    ),
}
_NAMES = ("behind", "before", "onto", "kind")


def left_open(words: str, known: Collection[str] = ()) -> str | None:
    """The question that (normalised) words leave open; None where they say all, or cannot be read so.

    ``known`` are the words of this home's names: where one of them is called after a mood, that is meant.
    """
    said = frozenset(words.split())
    if "list" not in said and not (said & _MOOD_WORDS).isdisjoint(known):
        return None
    for asked, (about, _) in _QUESTIONS.items():
        if not said.isdisjoint(about) and (found := _pattern(asked).fullmatch(words)):
            named = found.groupdict()
            name = next((named[name] for name in _NAMES if named.get(name)), "")
            return asked.format(name=name and f"{name.removesuffix(' list')} ")
    return None


@cache
def _pattern(asked: str) -> re.Pattern[str]:
    """Compiled where somebody first speaks of what it is about: the larger ones take some memory."""
    return re.compile(f"{_PLEASE}(?:{'|'.join(_QUESTIONS[asked][1])}){_END}")
