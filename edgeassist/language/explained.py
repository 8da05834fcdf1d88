"""Whether this home and the words around names account for all that was said."""

from __future__ import annotations

from .lexicon import Lexicon
from .nouns import KIND_WORDS

#: Words that stand around names, verbs among them, and tell nothing about what is meant.
MANNER = frozenset(
    "a an the my our your this that these those it its one ones of in on off to at by for from up down out with and"
    " or then also too all both every please pls thanks thank you now just hey hi ok okay can could would will you we"
    " i me us want need like have let make get give turn turned turning switch switched switching put set change bring"
    " take dim dimmed brighten raise lower open opened close closed shut lock unlock stop start play pause resume mute"
    " unmute run activate toggle deactivate call send tell says say her his their volume brightness position"
    " temperature color colour speed percent degrees degree half full max bit little more less is are was how what"
    " which much state status do does room floor area back again device devices thing things".split()
)
ORDINARY = MANNER | KIND_WORDS | {"light", "lights", "lamp", "lamps", "bulb", "bulbs"}


def unexplained(words: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether there are words that no name, no kind and no manner of speaking accounts for."""
    known = lexicon.words
    return any(word not in known and word not in ORDINARY and not word[0].isdigit() for word in words)


def is_about(words: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether all that was said is about this home, and names something in it."""
    names_something = not (words.isdisjoint(lexicon.words) and words.isdisjoint(KIND_WORDS))
    return names_something and not unexplained(words, lexicon)
