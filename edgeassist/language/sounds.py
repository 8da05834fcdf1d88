"""How words sound: what recognisers, and people who spell by ear, write for each other."""

from __future__ import annotations

import re

#: What is written one way and sounds another, in this order.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("'", ""),
        ("^wh(?=o)", "h"),
        ("^(?:wr)", "r"),
        ("^(?:kn|gn|pn)", "n"),
        ("^is(?=l)", "i"),
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
#: Sounds that are heard for each other: "chop" and "shop", "denim" and "denon", "missed" and "mist".
_BLURRED = str.maketrans("Cmd", "Snt")


def sound(word: str) -> str:
    """The consonants of a word as they are heard, with a mark for a vowel in front."""
    for pattern, written in _SOUNDS:
        word = pattern.sub(written, word)
    return word


def blurred(word: str) -> str:
    """The consonants as they are heard by somebody who knows what to expect."""
    return re.sub(r"(.)\1+", r"\1", sound(word).translate(_BLURRED))


def vowels(word: str) -> str:
    """The letters that :func:`sound` makes nothing of."""
    return re.sub("[^aeiouy]", "", word)
