"""Words that a recogniser wrote for names of this home: "the hugh lamp" for the Hue, "heat or" for the heater.

A word that neither the home nor the manner of speaking accounts for is exchanged for one that sounds the same or is
spelt nearly so. It counts only where every word is accounted for afterwards; else the sentence stays as it was heard.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from edgeassist.functions.colors import CSS_COLORS

from .explained import ORDINARY, unexplained
from .lexicon import Lexicon
from .likeness import ratio, spelt_nearest
from .nouns import KIND_WORDS

#: Longest stretch of words that one word is heard as.
_SPAN = 3
#: Shorter words are misheard for too many others.
_SHORTEST = 3
#: What sounds the same must look alike as well, since vowels count for nothing: percent of equal letters, of one word
#: and of several, which could swallow one.
_LIKENESS = 55
_LIKENESS_OF_SEVERAL = 75
#: Length of a word -> letters in which it may differ from what was meant.
_SPELT = ((9, 2), (5, 1))
#: Who says one of these means it, though this home has none.
_THINGS = frozenset(
    "annex aquarium attic balcony bar barn basement bath bathroom bay bed bedroom boiler box camera cellar charger"
    " chest"
    " computer conservatory cooker cottage deck den desk dining dish dishwasher dock door drawer dryer fire fireplace"
    " freezer fridge front furnace garage garden gate grill gym hallway heater hob hood house iron kettle kitchen"
    " landing laptop library lobby loft lounge microwave mirror nursery office oven panel pantry patio pond pool porch"
    " printer projector pump radio rear roof sauna scene screen shed shower side sink sofa spa stable stairs stereo"
    " store stove study table telly terrace toaster toilet tub tv utility washer window yard".split()
)
#: A word of so few letters sounds like too many others.
_SHORT = 4
#: These are never a part of a name that was misheard, for they turn a command round.
_BETWEEN = frozenset(
    "on off up down open close shut lock unlock not don't no never out if when unless until before after later"
    " tonight tomorrow".split()
)
#: "Land in light" may be the landing's, if it is as like it as this.
_SOLID = _BETWEEN | {"in"}
_SURELY = 90
#: Nothing is taken for one of these by its spelling, for they have opposites that are spelt much alike.
_OPPOSED = _SOLID | frozenset(
    "opened closed locked activate deactivate raise lower mute unmute pause start stop more less".split()
)
#: What belongs to no home and is said of every one.
_PLAIN = CSS_COLORS.keys() | frozenset(
    "there done halfway brighter darker dimmer louder quieter warmer cooler faster slower everything everywhere right"
    " left leaving here he she they them we're i'm it's that's cool warm white track song music".split()
)
#: Commands and numbers as recognisers write them.
_COMMANDS = {
    **dict.fromkeys(("tern", "trun", "torn", "turm", "tirn", "trn"), "turn"),
    **dict.fromkeys(("cloze", "colse", "clsoe"), "close"),
    **dict.fromkeys(("swich", "swith", "swithc"), "switch"),
    **dict.fromkeys(("lite", "lied", "lihgt", "ligth"), "light"),
    **dict.fromkeys(("lites", "lihgts", "ligths", "lice"), "lights"),
    **dict.fromkeys(("plese", "pleas", "plz"), "please"),
    "teh": "the",
    "opne": "open",
    "lok": "lock",
    "sealing": "ceiling",
}
#: "Clothes the blind" is no laundry.
_CLOSE = re.compile(r"^(?:clothes|cloths)\b(?= (?:the|my|our|all)\b)")
#: Numbers behind a name: "blind won".
_NUMBERS = {"won": ("1", "one"), "ate": ("8", "eight")}
_PARTICLES = frozenset({"on", "off", "up", "down"})
_TURNS = frozenset({"turn", "switch"})
#: What is written one way and sounds another, in this order.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("'", ""),
        ("^wh(?=o)", "h"),
        ("^(?:wr)", "r"),
        ("^(?:kn|gn|pn)", "n"),
        ("(?<=[aeiou])gh", ""),
        ("gh", "g"),
        ("ph", "f"),
        ("tch|ch", "C"),
        ("sch", "sk"),
        ("sh|ti(?=o)|ci(?=[ao])|ssi(?=o)", "S"),
        ("th", "0"),
        ("wh", "w"),
        ("dge|dg", "j"),
        ("ck|q|c(?![eiy])", "k"),
        ("c", "s"),
        ("g(?=[eiy])", "j"),
        ("x", "ks"),
        ("z", "s"),
        # "Floor" and "flaw", "server" and "sever": many speakers say no r behind a vowel.
        ("(?<=[aeiouy])r+", ""),
        ("(?<!^)[hw]", ""),
        ("(?<!^)[aeiouy]+", ""),
        ("^[aeiouy]+", "a"),
        (r"(.)\1+", r"\1"),
    )
)


def sound(word: str) -> str:
    """The consonants of a word as they are heard, with a mark for a vowel in front."""
    for pattern, written in _SOUNDS:
        word = pattern.sub(written, word)
    return word


class Misheard:
    """Finds for one home what was meant by words that mean nothing in it.

    ``is_word`` tells words from slips of the pen: a word may have been heard for another, but it was not mistyped.
    """

    def __init__(self, lexicon: Lexicon, is_word: Callable[[str], bool]) -> None:
        self._lexicon = lexicon
        self._is_word = is_word

    def meant(self, words: str) -> str | None:
        """The (normalised) utterance with names for what sounds like them, or None where that explains too little."""
        heard = _CLOSE.sub("close", words)
        split = [_COMMANDS.get(word, word) if self._strange(word) else word for word in heard.split()]
        split = [self._number(before, word) for before, word in pairwise(["", *split])]
        at = 0
        while at < len(split):
            if self._strange(split[at]):
                end = self._exchange(split, at)
                if end is None:
                    return None
                at = end
            at += 1
        meant = " ".join(split)
        return meant if meant != words else None

    def _strange(self, word: str) -> bool:
        return word not in _PLAIN and unexplained(frozenset({word}), self._lexicon)

    def _number(self, before: str, word: str) -> str:
        """The number that a word is which stands behind a name, or the word."""
        for number in _NUMBERS.get(word, ()):
            if any(f" {before} {number} " in f" {name} " for name in self._lexicon.labels):
                return number
        return word

    def _exchange(self, split: list[str], at: int) -> int | None:
        """Exchange a stretch with the word at a place, in place; where it now ends, or None if it is like nothing."""
        found: list[tuple[int, float, int, int, str]] = []
        for first, last in _spans(at, len(split)):
            heard = split[first:last]
            if not _BETWEEN.isdisjoint(heard) or any(word[0].isdigit() for word in heard):
                continue
            name = self._like(heard)
            if name and (_SOLID.isdisjoint(heard) or ratio(name, "".join(heard)) >= _SURELY):
                strange = sum(map(self._strange, heard))
                found.append((strange, ratio(name, "".join(heard)), first, last, name))
        if not found:
            return None
        _, _, first, last, name = max(found)
        split[first:last] = name.split()
        return first + len(name.split()) - 1

    def _like(self, words: list[str]) -> str | None:
        heard = "".join(words)
        single = len(words) == 1
        if len(heard) < _SHORTEST or (single and self._is_meant(heard)):
            return None
        least = _LIKENESS if single else _LIKENESS_OF_SEVERAL
        alike = [word for word in self._by_sound.get(sound(heard), ()) if ratio(word, heard) >= least]
        if alike:
            return max(alike, key=lambda word: ratio(word, heard))
        if not single:
            return self._spelt(heard, self._names)
        return self._apart(heard) or (None if self._is_word(heard) else self._spelt(heard, self._vocabulary))

    def _is_meant(self, heard: str) -> bool:
        return not _THINGS.isdisjoint((heard, f"{heard}s")) or (len(heard) <= _SHORT and self._is_word(heard))

    def _apart(self, heard: str) -> str | None:
        """Two words that were written as one."""
        for cut in range(2, len(heard) - 1):
            one, two = heard[:cut], heard[cut:]
            named = one in self._names and (two in self._names or two in KIND_WORDS)
            if named or (one in _TURNS and two in _PARTICLES):
                return f"{one} {two}"
        return None

    def _spelt(self, heard: str, vocabulary: Sequence[str]) -> str | None:
        most = next((distance for length, distance in _SPELT if len(heard) >= length), 0)
        if not most:
            return None
        word = spelt_nearest(heard, vocabulary, most)
        if word is None:
            return None
        # One more or none is said on purpose, and so is what is put in front.
        return None if f"{heard}s" == word or heard == f"{word}s" or heard.endswith(word) else word

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The words that only this home's names account for."""
        words = self._lexicon.words - ORDINARY
        return tuple(sorted(word for word in words if len(word) >= _SHORTEST and word.replace("'", "").isalpha()))

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(sorted({*self._names, *(word for word in ORDINARY - _OPPOSED if len(word) > _SHORTEST)}))

    @cached_property
    def _by_sound(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._names:
            found[sound(word)].append(word)
        return found


def _spans(at: int, length: int) -> Iterator[tuple[int, int]]:
    """Stretches that hold the word at a place, the single word first."""
    for count in range(1, _SPAN + 1):
        for first in range(at - count + 1, at + 1):
            if first >= 0 and first + count <= length:
                yield first, first + count
