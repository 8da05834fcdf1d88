"""What somebody complains of, as the command that helps: who has the sun in the eyes wants the blinds closed.

People say what is wrong, in more words than a small model knows. Only what is said of the speaker or of a room counts,
and only what the home can mend; which devices that are, the room decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .lexicon import HERE, Lexicon
from .nouns import SHADING

_MEDIA = (
    r"(?:tv|telly|television|film|movie|programme|program|show|news|radio|music|song|podcast|dialogue?|commentary"
    r"|match|soundtrack)"
)
_FEELS = r"\b(?:i'm|im|i am|we're|we are|it's|its|it is|feels?|feeling|getting|bit|rather|awfully)(?: \w+){0,3}? "
#: Behind it the sentence ends, or says where or when; else it is about a meal, or about what lies beyond the home.
_WHERE = (
    r"(?=$| (?:in|out|up) here\b| (?:tonight|today|now|again|to death|buckets|like)\b| (?:in|on) (?:this|the|my|our) "
    r"(?P<place>.+))"
)
_COMPLAINTS: Mapping[str, re.Pattern[str]] = {
    "glare": re.compile(
        r"\b(?:sun|sun's|suns|sunlight|sunshine|daylight|glare)\b.*\b(?:in|into|onto|on|at) "
        r"(?:my|our|the|his|her|\w+'s) (?:eyes?|face|telly|tv|screen|monitor|laptop|projection)\b"
        r"|\bglare on\b|\btoo (?:light|bright|sunny) to sleep\b"
    ),
    "quiet": re.compile(
        r"\b(?:can't|cant|cannot|can not|couldn't|(?:can|could) (?:barely|hardly)|don't|hard to) (?:\w+ )?hear "
        rf"(?:.*\b{_MEDIA}\b|(?:\w+ ){{0,3}}?(?:they're|they are|he's|she's) saying\b)"
    ),
    "loud": re.compile(
        rf"(?:^(?:(?:far|way|much) )?|\b(?:it's|its|it is|that's|this is|{_MEDIA}(?:'s| is)) (?:\w+ )?)too loud\b"
        rf"|\b(?:complain|moan)\w*\b.*\b{_MEDIA}\b"
    ),
    "cold": re.compile(rf"{_FEELS}(?:cold|freezing|chilly|nippy|perishing|perished|baltic|parky|shivering){_WHERE}"),
    "hot": re.compile(rf"{_FEELS}(?:sweating|boiling|roasting|sweltering|stifling|too (?:hot|warm)){_WHERE}"),
    "bright": re.compile(r"^(?:(?:there's|there is|it's|that's) )?(?:(?:far|way|much) )?too (?:much light|bright)\b"),
    "dry": re.compile(r"\bair(?:'s| is| feels)?\b.*\bdry\b"),
    "smoke": re.compile(
        r"\bsmok(?:y|ey)\b|\bsmok(?:e|ing)\b.*\b(?:pan|pot|grill|toaster|hob|stove|kitchen|place)\b"
        r"|\b(?:burnt|burned) the (?:toast|bacon|dinner|food|pizza|onions|rice|sausages|garlic)\b"
    ),
}
#: What helps: a verb, and the nouns of which one or the other may be where it is needed; with none of them the place.
_HELP: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "glare": ("close", SHADING),
    "quiet": ("louder", ()),
    "loud": ("quieter", ()),
    "cold": ("warmer", ()),
    "hot": ("cooler", ()),
    "bright": ("darker", ()),
    "dry": ("on", ("humidifiers",)),
    "smoke": ("on", ()),
}
#: What draws off smoke, by a word of its name, and what draws off something else.
_HOODS = frozenset({"hood", "extractor", "exhaust"})
_OTHERS = frozenset({"dust", "bathroom", "toilet", "paint", "car"})
#: Who says one of these speaks of something else, or of how it was or might be, or says what is to be done.
_OTHERWISE = re.compile(
    r"\b(?:outside|outdoors|weather|forecast|soup|tea|coffee|food|dinner|beers?|water|kettle|oven|car|pool|bath|shower"
    r"|not|isn't|wasn't|aren't|was|were|been|never|when|if|unless|until|said|says|lamps?|lights|bulbs?"
    r"|turn|switch|set|put|pull|open|opened|close|closed|shut|draw|dim|make|bring|get|let|stop|off|down|lower|lock"
    r"|play|paused?|increase|automatically|heating|heater|radiator|fire|blinds?|curtains?|shades?|shutters?|fans?"
    r"|ventilat\w+)\b"
)
_IN = re.compile(r"\b(?:in|on) (?:the|my|our) (?=(.+))")
#: "Here", wherever that is.
_OWN = frozenset("room house place flat home".split())


def helped(words: str, lexicon: Lexicon) -> str | None:
    """The compact line that helps whoever says these (normalised) words; None where nothing here does."""
    if _OTHERWISE.search(words):
        return None
    for complaint, pattern in _COMPLAINTS.items():
        if found := pattern.search(words):
            verb, nouns = _HELP[complaint]
            place = _place(words, found.groupdict().get("place"), lexicon)
            if complaint in {"quiet", "loud"} and (player := _said(words, lexicon)):
                targets = [player]
            elif complaint == "smoke":
                targets = _hoods(lexicon)
            else:
                targets = [f"{noun} {place}" for noun in nouns if noun in lexicon.nouns] if nouns else [f"{place}"]
            return f" {verb}" + ",".join(f" {target}" for target in targets) if place and targets else None
    return None


def _said(words: str, lexicon: Lexicon) -> str | None:
    """The word of these that names a player, if there is one."""
    devices = ((word, lexicon.device_of(word)) for word in words.split())
    return next(
        (word for word, device in devices if device and lexicon.home.by_id[device].kind == "media_player"), None
    )


def _hoods(lexicon: Lexicon) -> list[str]:
    """The one thing that draws off smoke, if there is one."""
    named = ((device, label, set(label.split())) for label, device in lexicon.labels.items())
    found = {device: label for device, label, words in named if words & _HOODS and not words & _OTHERS}
    return list(found.values()) if len(found) == 1 else []


def _place(words: str, behind: str | None, lexicon: Lexicon) -> str | None:
    """The place that these words speak of, else "here"; None where ``behind`` the complaint is one of another home."""
    if behind and behind.split()[0] not in _OWN:
        return _longest(behind, lexicon)
    return next(filter(None, (_longest(found[1], lexicon) for found in _IN.finditer(words))), HERE)


def _longest(said: str, lexicon: Lexicon) -> str | None:
    return max((place for place in lexicon.places if f"{said} ".startswith(f"{place} ")), key=len, default=None)
