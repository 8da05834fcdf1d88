"""Words for the whole: "every light in the cottage" is every light in the house, where nothing is called a cottage.

And "close everything" is everything that closes: whoever says so does not want the fridge off.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_HOUSE = "house"
_PREMISES = (
    "apartment|building|bungalow|cabin|caravan|chalet|condo|cottage|farmhouse|flat|home|houseboat|maisonette|mansion"
    "|penthouse|premises|property|residence|townhouse|villa"
)
_WHOLE = re.compile(
    r"\b(?P<before>(?:in|inside|throughout|across|around|over|of) (?:the|this|our|my) (?:(?:whole|entire) )?"
    rf"|(?:the|this|our|my) (?:whole|entire) )(?P<premises>{_PREMISES})\b(?! (?:office|cinema|theat\w+|gym))"
)
_OUTSIDE = re.compile(rf"\b(?P<inside>in the {_HOUSE}) and (?P<outside>outside|outdoors|out)\b")
_CLOSE_ALL = re.compile(r"\b(?P<verb>(?:close|shut|open) (?:up )?)everything\b")


def plainly(words: str, known: Collection[str]) -> str:
    """A (normalised) utterance with the plain words for all there is, but for words that are ``known`` names."""
    return _CLOSE_ALL.sub(r"\g<verb>all the covers", _as_house(words, known))


def _as_house(words: str, known: Collection[str]) -> str:
    def house(found: re.Match[str]) -> str:
        return found[0] if found["premises"] in known else found["before"] + _HOUSE

    said = _WHOLE.sub(house, words)
    return _OUTSIDE.sub(lambda found: found[0] if found["outside"] in known else found["inside"], said)
