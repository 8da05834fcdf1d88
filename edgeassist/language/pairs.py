"""Things of a sort, one by one: "both nightstands" is the left nightstand and the right nightstand.

A model that copies names has none for what several names end with, in the plural, and takes one that sounds like it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from .lexicon import Lexicon

_MOST = 4


class Pairs:
    """The plurals of one home that stand for two to four things in one place, with the names of these.

    ``known`` are words that mean something already.
    """

    def __init__(self, lexicon: Lexicon, known: Collection[str]) -> None:
        self._named = {f"{ending}s": " and ".join(_names(ending, lexicon)) for ending in sorted(lexicon.shared)}
        self._named = {plural: names for plural, names in self._named.items() if names and plural not in known}
        longest_first = sorted(map(re.escape, self._named), key=len, reverse=True)
        before = r"(?:(?P<word>[\w']+) )??(?:(?:both|all)(?: of)? )?(?:(?:the|my|our) )?"
        said = "|".join(longest_first)
        self._said = re.compile(rf"(?<![\w']){before}(?P<plural>{said})(?![\w'])(?! in\b)") if said else None
        self._words = lexicon.words

    def one_by_one(self, words: str) -> str:
        """An utterance with the names; a plural that some name or place is put in front of, or behind, stays."""
        return self._said.sub(self._each, words) if self._said else words

    def _each(self, found: re.Match[str]) -> str:
        word = found["word"]
        if word in self._words:
            return found[0]
        return (f"{word} " if word else "") + self._named[found["plural"]]


def _names(ending: str, lexicon: Lexicon) -> list[str]:
    """The names of the few things in one place that end so; none where they are elsewhere as well."""
    ids = lexicon.nouns.get(ending, frozenset())
    areas = {lexicon.home.by_id[device].area for device in ids}
    if not 1 < len(ids) <= _MOST or len(areas) != 1 or None in areas:
        return []
    names = [next((each for each in lexicon.labels_of[device] if each.endswith(f" {ending}")), "") for device in ids]
    return sorted(names) if all(names) else []
