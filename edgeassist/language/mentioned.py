"""The areas that an utterance speaks of, for homes whose prompt cannot show all of them."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from .lexicon import Lexicon

#: Likeness of a name to a part of the utterance, 0 to 100, that a slip of the tongue or the keyboard leaves.
_ALIKE = 85


def mentioned(text: str, lexicon: Lexicon) -> list[str]:
    """Areas named in the (normalised) utterance, and those of devices named in it, the longest names first.

    A name within a longer one that was said does not count: who says "north kitchen" does not mean the kitchen. Where
    nothing is named word for word, it is the area of the name that is most alike.
    """
    area_of = {device.id: device.area for device in lexicon.home.devices}
    areas = {f" {words} ": area for words, device in lexicon.labels.items() if (area := area_of[device])}
    areas |= {f" {words} ": place.name for words, place in lexicon.places.items() if place.kind == "area"}
    spoken = left = f" {text} "
    said = []
    for name in sorted(areas, key=len, reverse=True):
        if name in left:
            said.append(name)
            left = left.replace(name, " | ")
    if not said:
        best = process.extractOne(spoken, areas.keys(), scorer=fuzz.partial_ratio, score_cutoff=_ALIKE)
        said = [best[0]] if best else []
    return list(dict.fromkeys(areas[name] for name in said))
