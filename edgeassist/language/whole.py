"""Words for the whole: "every light in the cottage" is every light in the house, where nothing is called a cottage.

And "close everything" is everything that closes: whoever says so does not want the fridge off.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial

from .exceptions import WRITTEN
from .lexicon import Lexicon

_HOUSE = "house"
_COVERS = "covers"
_PREMISES = (
    "apartment|building|bungalow|cabin|caravan|chalet|condo|cottage|farmhouse|flat|home|houseboat|maisonette|mansion"
    "|penthouse|premises|property|residence|townhouse|villa"
)
#: Behind it nothing else is named: "in the home bar" is a bar.
_ENDS = r"(?=$| [,?.]| (?:and|or|please|now|thanks|on|off|to|up|down|upstairs|downstairs)\b)"
_WHOLE = re.compile(
    r"\b(?P<before>(?:in|inside|throughout|across|around|over|of) (?:the|this|our|my) (?:(?:whole|entire) )?"
    r"|(?:the|this|our|my) (?:whole|entire) |\b(?:clean|vacuum|hoover|sweep|mop) (?:the|this|our|my) )"
    rf"(?P<premises>{_PREMISES}){_ENDS}"
)
_OUTSIDE = re.compile(
    rf"\b(?P<inside>in the {_HOUSE}) and (?P<outside>outside|outdoors|out)(?=$| [,?.]| (?:on|off|please)(?: [,?.]|$))"
)
_CLOSE_ALL = re.compile(r"\b(?P<verb>(?:close|shut|open) (?:up )?)everything\b(?! (?:off|down|up|on|you|i|we|that)\b)")


def plainly(words: str, lexicon: Lexicon) -> str:
    """An utterance (see :func:`edgeassist.language.clauses.paused`) with the plain words for all there is."""
    if WRITTEN.search(words):
        return words
    said = _OUTSIDE.sub(partial(_house, lexicon.words), _WHOLE.sub(partial(_house, lexicon.words), words))
    return _CLOSE_ALL.sub(rf"\g<verb>all the {_COVERS}", said) if _COVERS in lexicon.nouns else said


def _house(known: Collection[str], found: re.Match[str]) -> str:
    said = found.groupdict()
    if said.get("outside"):
        return found[0] if said["outside"] in known else said["inside"]
    return found[0] if said["premises"] in known else said["before"] + _HOUSE
