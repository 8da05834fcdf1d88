"""A wish for another time: "start the vacuum at half past ten". Nothing here is done later, and people are told so."""

from __future__ import annotations

import re
from functools import cache

#: Wider than what the guard holds back: nothing is forbidden here, and only what was not understood is looked at.
_UNIT = r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?)"
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|day|morning|afternoon|evening|night|noon|week|weekday|weekend)"
_HOUR = (
    r"(?:(?:half past|quarter past|quarter to) )?(?:\d{1,2}(?:[:. ]?\d\d)?|one)(?: ?(?:am|pm|a m|p m|o'clock|hours))?"
)
_DAYTIME = r"(?:noon|midday|midnight|sunset|sunrise|dusk|dawn|lunchtime|bedtime|night)"
_WHEN = (
    rf"\b(?:every|each|next|this coming|on) (?:other )?{_DAY}(?: {_DAY})?\b"
    rf"|\b(?:in|after|for|within) (?:the next )?(?:\d+|an?|one|half an?|a few|a couple of) (?:more )?{_UNIT}\b"
    rf"|\b(?:at|by|around|about|from|until|till|before|after) (?:{_HOUR}|{_DAYTIME})\b(?! (?:percent|degrees?)\b)"
    rf"|\b(?:in the|during the|by) (?:morning|afternoon|evening)\b"
    r"|\b(?:later(?: (?:today|tonight|on))?|tomorrow(?: (?:morning|afternoon|evening|night))?)\b"
    r"|\b(?:daily|weekly|today|tonight)\b"
    r"|\b\d{1,2}(?:[:. ]?\d\d)? ?(?:am|pm|a m|p m|o'clock)\b"
)
_WHILE = re.compile(r"\b(?:for|until|till) (?!(?:me|us|you)\b)")
_JOINS = re.compile(r"^(?:(?:and|then|so|,) )+| (?:and|then|so|,)$")


def without_time(words: str) -> str | None:
    """(Normalised) words without the time that they name; None where they name none, or nothing else."""
    rest = " ".join(_when().sub(" ", words).split())
    rest = _JOINS.sub("", rest)
    return rest if rest and rest != words else None


def at_once(words: str, rest: str) -> str:
    """What to say of a wish for another time, or for a while; ``rest`` is the wish without that."""
    if _WHILE.search(words):
        return f'Nothing ends by itself here. Say "{rest}", and what is to follow when it is time.'
    return f'I can only do things at once. Say "{rest}" when it is time.'


@cache
def _when() -> re.Pattern[str]:
    """Compiled where a sentence was not understood, which is seldom."""
    return re.compile(_WHEN)
