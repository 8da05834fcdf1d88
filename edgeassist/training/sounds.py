"""Words that a recogniser writes for others that sound like them."""

from __future__ import annotations

from random import Random

from .template import lists

#: A change of one of these would change the meaning.
SOLID = frozenset("off on up down open close lock unlock not don't set".split())
#: Letters -> others that sound much the same, at the end of a word and anywhere in it.
_ENDINGS = (
    ("ing", "in"),
    ("er", "a"),
    ("er", "or"),
    ("le", "el"),
    ("ey", "y"),
    ("y", "ie"),
    ("d", "t"),
    ("t", "d"),
    ("g", "k"),
    ("ck", "g"),
    ("b", "p"),
    ("p", "b"),
    ("ve", "f"),
    ("se", "z"),
    ("s", "z"),
    ("s", ""),
    ("th", "f"),
    ("n", "m"),
    ("m", "n"),
)
_WITHIN = (
    ("ea", "ee"),
    ("ee", "ea"),
    ("oo", "u"),
    ("ou", "ow"),
    ("ow", "ou"),
    ("ai", "ay"),
    ("au", "aw"),
    ("ie", "ee"),
    ("th", "d"),
    ("th", "f"),
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "kw"),
    ("wh", "w"),
    ("v", "f"),
    ("v", "b"),
    ("b", "v"),
    ("d", "t"),
    ("m", "n"),
    ("c", "k"),
    ("i", "e"),
    ("e", "i"),
    ("a", "e"),
    ("o", "a"),
    ("u", "o"),
)
#: Second halves of compounds, which are written in one word or in two.
_HALVES = (
    "house room light lights lamp stand shelf shelves way side top yard case door bell board shop wall works"
    " work stairs pipe pot cooker washer dryer tub fish glass port light set cast screen man bar cave nook book"
).split()


def mishear(rng: Random, split: list[str]) -> None:
    """Write other words for some that sound like them, in place."""
    known = lists("misheard.txt")
    spans = [
        (at, count)
        for at in range(len(split))
        for count in (1, 2, 3)
        if at + count <= len(split) and " ".join(split[at : at + count]) in known
    ]
    if spans:
        at, count = rng.choice(spans)
        split[at : at + count] = rng.choice(known[" ".join(split[at : at + count])]).split()


def compound(rng: Random, split: list[str]) -> None:
    """Write a compound in two words, or two words as a compound, in place."""
    apart = [
        (at, half)
        for at, word in enumerate(split)
        for half in _HALVES
        if word.endswith(half) and len(word) - len(half) > 2
    ]
    together = [
        at
        for at in range(len(split) - 1)
        if split[at + 1] in _HALVES and split[at].isalpha() and split[at] not in SOLID
    ]
    if apart and (not together or rng.random() < 0.7):
        at, half = rng.choice(apart)
        split[at : at + 1] = [split[at].removesuffix(half), half]
    elif together:
        at = rng.choice(together)
        split[at : at + 2] = [split[at] + split[at + 1]]


def like(rng: Random, word: str) -> str:
    """Another spelling that sounds much like the word, or the word itself."""
    if len(word) < 4 or not word.isalpha():
        return word
    ends = [(old, new) for old, new in _ENDINGS if word.endswith(old) and len(word) > len(old) + 2]
    inside = [(old, new) for old, new in _WITHIN if old in word[1:-1]]
    if ends and (not inside or rng.random() < 0.45):
        old, new = rng.choice(ends)
        return word.removesuffix(old) + new
    if inside:
        old, new = rng.choice(inside)
        return word[0] + word[1:].replace(old, new, 1)
    return word
