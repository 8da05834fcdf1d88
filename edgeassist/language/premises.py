"""Words for the whole home: "every light in the cottage" is every light in the house, where nothing is called so."""

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


def as_house(words: str, known: Collection[str]) -> str:
    """A (normalised) utterance with "house" for what else a home is called, but for words that are ``known`` names."""

    def house(found: re.Match[str]) -> str:
        return found[0] if found["premises"] in known else found["before"] + _HOUSE

    said = _WHOLE.sub(house, words)
    return _OUTSIDE.sub(lambda found: found[0] if found["outside"] in known else found["inside"], said)
