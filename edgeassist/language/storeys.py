"""Upstairs and downstairs, in the names of a home's floors: "downstairs" is "on the ground floor"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from edgeassist.text import normalise_utterance

from .lexicon import Lexicon

#: A word of a floor's name -> how high it lies. In homes without a ground floor the first one is it.
_HEIGHTS = {
    word: height
    for height, words in {
        -1: "basement cellar underground",
        0: "ground downstairs main lower",
        1: "first 1st upstairs upper 1",
        2: "second 2nd 2",
        3: "third 3rd 3",
        8: "top",
        9: "attic loft",
    }.items()
    for word in words.split()
}
#: More floors are not counted off.
_MOST = 3
#: What is no name may be where something is, or tell which: "lights off upstairs", "the upstairs lights".
_NAME = r"(?P<attribute>)"
_ATTRIBUTE = r"(?P<attribute>(?<=\bthe )|(?<=\ball )|(?<=\bmy )|(?<=\bour )|(?<=\bevery ))?"


class Storeys:
    """What "upstairs" and "downstairs" are in one home; nothing where that is a name there or cannot be told."""

    def __init__(self, lexicon: Lexicon) -> None:
        heights = dict(_heights(lexicon))
        ground = min((height for height in heights.values() if height >= 0), default=0)
        told_apart = len(set(heights.values())) == len(heights) == len(lexicon.home.floors)
        upper = [floor for floor, height in heights.items() if height > ground]
        lowest = [floor for floor, height in heights.items() if height == ground]
        top = sorted(upper, key=heights.__getitem__)[-1:]
        # With nothing above, "downstairs" may be the basement.
        self._said = [
            (re.compile(rf"\b{before}{word}\b{not_before(word, lexicon)}"), tuple(floors))
            for word, before, floors in (
                ("upstairs", _ATTRIBUTE, upper),
                ("downstairs", _ATTRIBUTE, lowest),
                ("ground floor", _NAME, lowest),
                ("top floor", _NAME, top),
            )
            if told_apart and 0 < len(upper) <= _MOST and word not in lexicon.places
        ]

    def named(self, words: str) -> str:
        """A (normalised) utterance with the floors' own names."""
        for said, floors in self._said:
            words = said.sub(partial(_instead, floors), words)
        return words


def _heights(lexicon: Lexicon) -> Iterator[tuple[str, int]]:
    """Each floor as it is spoken of, and its height where its names tell that."""
    spoken: dict[str, str] = {}
    for words, place in lexicon.places.items():
        if place.kind == "floor":
            spoken.setdefault(place.name, words)
    for floor in lexicon.home.floors:
        names = map(normalise_utterance, (floor.name, *floor.aliases))
        height = next((_HEIGHTS[word] for name in names for word in name.split() if word in _HEIGHTS), None)
        if height is not None and floor.name in spoken:
            yield spoken[floor.name], height


def not_before(word: str, lexicon: Lexicon) -> str:
    """A pattern: the word is not that of a longer name which begins with it."""
    names = (name.split() for name in (*lexicon.labels, *lexicon.places))
    behind = {after for name in names for before, after in pairwise(name) if before == word}
    return rf"(?! (?:{'|'.join(map(re.escape, sorted(behind)))})\b)" if behind else ""


def _instead(floors: tuple[str, ...], found: re.Match[str]) -> str:
    """The names of the floors, or what is said of a place."""
    return " and ".join(floors if found["attribute"] is not None else (f"on the {floor}" for floor in floors))
