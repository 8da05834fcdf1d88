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
from .sounds import blurred, sound, vowels

#: Longest stretch of words that one word is heard as.
_SPAN = 3
#: Shorter words are misheard for too many others.
_SHORTEST = 3
#: What sounds the same must look alike as well, since vowels count for nothing: percent of equal letters, of one word
#: and of several, which could swallow one.
_LIKENESS = 55
_LIKENESS_OF_SEVERAL = 75
#: In front of the next word of the same name less is enough: "lover lamp" for the lava lamp.
_LIKENESS_IN_NAME = 40
#: Beside a word of the same name it need not sound the same, if it is spelt as much like it: "neo sign", "roof event".
_LIKENESS_BESIDE = 75
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
    " store stove study table telly terrace toaster toilet tub tv utility washer window yard"
    " studio suite foyer larder parlour storage stage outdoor indoor outer inner upper whole other another main first"
    " west east north south".split()
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
    " left leaving here he she they them we're i'm it's that's cool warm white track song music"
    " hello hallo hiya excuse sorry oi yo so well um uh er erm hmm oh ah dear darling mate guys again good morning"
    " afternoon evening night".split()
)
#: Commands and numbers as recognisers write them.
_COMMANDS = {
    **dict.fromkeys(("tern", "trun", "torn", "turm", "tirn", "trn", "tun", "tur"), "turn"),
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
_NUMBERS = {"won": ("1", "one"), "too": ("2", "two"), "tree": ("3", "three"), "ate": ("8", "eight")}
#: Letters as recognisers write them, for names that are spelt out: "see pap", "a sea", "tea v".
_LETTERS = dict(
    pair.split(":")
    for pair in "ay:a bee:b see:c sea:c dee:d ef:f gee:g aitch:h eye:i jay:j kay:k el:l em:m en:n oh:o pee:p pea:p"
    " cue:q queue:q are:r ess:s tea:t tee:t vee:v ex:x why:y zed:z".split()
)
#: Names that are spelt out have no more.
_SPELT_OUT = 4
_PARTICLES = frozenset({"on", "off", "up", "down"})
_TURNS = frozenset({"turn", "switch"})
#: Where a stretch of words begins and ends, and what it is to be exchanged for.
_Stretch = tuple[int, int, str]
#: Fewer consonants tell nothing.
_TELLING = 2
#: A stretch that is longer than the name by more letters has swallowed another word.
_LONGER = 3


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
        split = self._numbered(split)
        at = 0
        while at < len(split):
            if self._strange(split[at]):
                end = self._exchange(split, at)
                if end is None:
                    return None
                at = end
            at += 1
        meant = " ".join(self._numbered(split))
        return meant if meant != words else None

    def _strange(self, word: str) -> bool:
        return word not in _PLAIN and unexplained(frozenset({word}), self._lexicon)

    def _numbered(self, split: list[str]) -> list[str]:
        return [self._number(before, word) for before, word in pairwise(["", *split])]

    def _number(self, before: str, word: str) -> str:
        """The number that a word is which stands behind a name, or the word."""
        for number in _NUMBERS.get(word, ()):
            if any(f" {before} {number} " in f" {name} " for name in self._lexicon.labels):
                return number
        return word

    def _exchange(self, split: list[str], at: int) -> int | None:
        """Exchange a stretch with the word at a place, in place; where it now ends, or None if it is like nothing."""
        found = [each for each in (self._in_name(split, at), self._by_itself(split, at)) if each]
        if not found:
            return None
        # "Bored room" is the boardroom, though "room" stands beside "board" in another name.
        first, last, name = max(found, key=lambda stretch: stretch[1] - stretch[0])
        split[first:last] = name.split()
        return first + len(name.split()) - 1

    def _in_name(self, split: list[str], at: int) -> _Stretch | None:
        """A stretch with the word at a place, and the one word that it must be if its neighbour's name is meant."""
        found: dict[str, _Stretch] = {}
        for first, last in _spans(at, len(split)):
            words = split[first:last]
            if not _SOLID.isdisjoint(words) or not all(map(self._strange, words)):
                continue
            for beside, names, least in (
                (split[last : last + 1], self._in_front_of, _LIKENESS_IN_NAME),
                (split[max(0, first - 1) : first], self._behind, _LIKENESS),
            ):
                for neighbour in map(_singular, beside):
                    for name in names.get(neighbour, ()):
                        if self._is_beside(neighbour, name, words) or self._are_alike(name, words, least):
                            found.setdefault(name, (first, last, name))
        return next(iter(found.values())) if len(found) == 1 else None

    def _is_beside(self, neighbour: str, name: str, words: list[str]) -> bool:
        """Whether one word is spelt like the name whose neighbour it has; a plain "lamp" beside it tells less."""
        (heard, *others) = words
        if others or _is_thing(heard) or _is_of_another(name, heard):
            return False
        if neighbour in ORDINARY and self._is_meant(heard):
            return False
        return ratio(name, heard) >= _LIKENESS_BESIDE

    def _by_itself(self, split: list[str], at: int) -> _Stretch | None:
        """A stretch with the word at a place, and what is most like it, whatever stands beside it."""
        found: list[tuple[int, float, _Stretch]] = []
        for first, last in _spans(at, len(split)):
            heard = split[first:last]
            if not _BETWEEN.isdisjoint(heard) or any(word[0].isdigit() for word in heard):
                continue
            name = self._like(heard)
            if name and (_SOLID.isdisjoint(heard) or ratio(name, "".join(heard)) >= _SURELY):
                strange = sum(map(self._strange, heard))
                found.append((strange, ratio(name, "".join(heard)), (first, last, name)))
        return max(found)[2] if found else None

    def _are_alike(self, name: str, words: list[str], least: float) -> bool:
        heard = "".join(words)
        if len(said := blurred(heard)) < _TELLING or said != blurred(name) or (len(words) == 1 and _is_thing(heard)):
            return False
        if len(words) == 1 and self._is_meant(heard):
            return vowels(name) == vowels(heard)  # an ark is an arc, but Tom is not Tim
        return (
            not _is_of_another(name, heard) and abs(len(name) - len(heard)) <= _LONGER and ratio(name, heard) >= least
        )

    def _like(self, words: list[str]) -> str | None:
        spelt_out = "".join(_LETTERS.get(word) or _NUMBERS.get(word, (word,))[0] for word in words)
        if len(words) > 1 and len(spelt_out) <= _SPELT_OUT and spelt_out in self._lexicon.words:
            return spelt_out
        heard = "".join(words)
        single = len(words) == 1
        if len(heard) < _SHORTEST or (single and self._is_meant(heard)):
            return None
        least = _LIKENESS if single else _LIKENESS_OF_SEVERAL
        alike = [
            word
            for word in self._by_sound.get(sound(heard), ())
            if ratio(word, heard) >= least and not _is_of_another(word, heard)
        ]
        if alike:
            return max(alike, key=lambda word: ratio(word, heard))
        if not single:
            return self._spelt(heard, self._names)
        return self._apart(heard) or (None if self._is_word(heard) else self._spelt(heard, self._vocabulary))

    def _is_meant(self, heard: str) -> bool:
        return _is_thing(heard) or (len(heard) <= _SHORT and self._is_word(heard))

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
    def _in_front_of(self) -> Mapping[str, dict[str, None]]:
        """Word, in the singular -> the words that stand in front of it in names."""
        return self._beside(backwards=False)

    @cached_property
    def _behind(self) -> Mapping[str, dict[str, None]]:
        return self._beside(backwards=True)

    def _beside(self, *, backwards: bool) -> Mapping[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        names = set(self._names)
        for label in (*self._lexicon.labels, *self._lexicon.places):
            for pair in pairwise(label.split()):
                word, neighbour = reversed(pair) if backwards else pair
                if word in names:
                    found[_singular(neighbour)][word] = None
        return found

    @cached_property
    def _by_sound(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._names:
            found[sound(word)].append(word)
        return found


def _is_of_another(name: str, heard: str) -> bool:
    """Whether it is what somebody owns, and the vowels say another owner: "tom's" is not "tim's"."""
    return "'" in heard + name and vowels(name) != vowels(heard)


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _is_thing(word: str) -> bool:
    return not _THINGS.isdisjoint((word, f"{word}s"))


def _spans(at: int, length: int) -> Iterator[tuple[int, int]]:
    """Stretches that hold the word at a place, the single word first."""
    for count in range(1, _SPAN + 1):
        for first in range(at - count + 1, at + 1):
            if first >= 0 and first + count <= length:
                yield first, first + count
