"""The areas that an utterance speaks of, for homes whose prompt cannot show all of them."""

from __future__ import annotations

from .lexicon import Lexicon
from .likeness import within

#: Likeness of a name to a part of the utterance, 0 to 100, that a slip of the tongue or the keyboard leaves.
_ALIKE = 85


def mentioned(text: str, lexicon: Lexicon) -> list[str]:
    """Areas named in the (normalised) utterance, the longest names first.

    A name within a longer one that was said does not count: who says "north kitchen", or names a lamp that is called
    so, does not mean the kitchen, and what a device is called word for word needs no other words to be found. Where
    no area is named word for word, it is the one of the name that is most alike.
    """
    areas = {f" {words} ": place.name for words, place in lexicon.places.items() if place.kind == "area"}
    labels = {f" {words} ": lexicon.home.by_id[device].area for words, device in lexicon.labels.items()}
    left = f" {text} "
    said = []
    for name in sorted(areas | labels, key=len, reverse=True):
        if name in left:
            said.append(name)
            left = left.replace(name, " | ")
    found = [areas[name] for name in said if name in areas]
    if found:
        return list(dict.fromkeys(found))
    # A device that was named leaves only a place to be found.
    others = areas if said else labels | areas
    best = within(left, others.keys(), _ALIKE)
    area = others[best] if best else None
    return [area] if area else []
