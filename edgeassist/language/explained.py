"""Whether this home and the words around names account for all that was said."""

from __future__ import annotations

import re
from collections.abc import Collection

from edgeassist.functions.colors import CSS_COLORS

from .lexicon import Lexicon
from .nouns import KIND_WORDS
from .verbs import COURTESY

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
#: What is wished for or asked after, of whatever it is.
_WISHED = CSS_COLORS.keys() | frozenset(
    "warm white cool cold hot daylight bright dim dark brighter darker dimmer louder quieter warmer cooler hotter"
    " colder higher faster slower loud quiet low high medium maximum minimum halfway quarter locked unlocked locking"
    " unlocking closing shutting dimming running playing paused muted everything everywhere here there all upstairs"
    " downstairs heating humidity timer timers minute minutes hour hours second seconds list add next previous skip"
    " song track music sound mode percent both every everybody anything something still already now please".split()
)
#: Who says these and nothing strange speaks of a player or a timer.
_OURS = frozenset("volume song track music pause resume skip mute unmute louder quieter timer timers".split())
_PLAY = re.compile(
    rf"(?:(?:hey|ok|okay|now) )?{COURTESY}(?:(?:i want|i'd like|i would like|let me|let's) (?:to )?)?"
    r"(?:play|start playing|listen to|hear|watch|queue(?: up)?) (.+)"
)
#: Where it is to be played, which is no part of a title.
_WHERE = re.compile(r"(?:^| )(?:on|in|through|over|via|using)\b.*")
#: What has a title, and that behind it.
_WORK = re.compile(
    r"\b(?:album|artist|band|song|track|movie|film|podcast|playlist|station|show|series|episode|audiobook|genre)s?"
    r" (?:(?:called|named|from|of) )?(?!(?:again|please|now|from|that|we|i|which)\b)(.+)"
)
#: What any player may have, and how one may like it.
_PLAYABLE = frozenset(
    "music something anything radio tv telly television it that this them tunes film movie news podcast again"
    " on".split()
)
_TASTE = frozenset("some any nice my our favourite favorite loud quiet from where left stopped".split())


def unexplained(words: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether there are words that no name, no kind and no manner of speaking accounts for."""
    return any(not _is_known(word, lexicon.words) for word in words)


def _is_known(word: str, names: Collection[str]) -> bool:
    """Whether a word is of a name (in the singular or in the plural), of a kind, or a manner of speaking."""
    if word in names or word in ORDINARY or word in _WISHED or word[0].isdigit():
        return True
    return len(word) > 2 and (f"{word}s" in names or (word.endswith("s") and word[:-1] in names))


def names_a_title(words: str, lexicon: Lexicon) -> bool:
    """Whether something is to be played by its name, which no function does: a player goes on with what it has."""
    found = _PLAY.match(words)
    title = _WHERE.sub("", found[1]) if found else ""
    _, _, artist = title.partition(" by ")
    if artist and unexplained(frozenset(artist.split()) - _TASTE, lexicon):
        return True
    if (work := _WORK.search(title)) and unexplained(frozenset(work[1].split()), lexicon):
        return True
    said = frozenset(title.split())
    return _PLAYABLE.isdisjoint(said) and unexplained(said - _TASTE, lexicon)


def is_about(words: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether all that was said is about this home, and names something in it or what only a home assistant does."""
    names_something = not all(map(words.isdisjoint, (lexicon.words, KIND_WORDS, _OURS)))
    return names_something and not unexplained(words, lexicon)
