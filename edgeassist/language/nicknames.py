"""Other words for what a prompt shows: "the bravia" for "Sony Bravia", "twin" for the twin room.

A nickname means exactly one device, one place, or one name that several devices share. It saves a model that copies
what was said from having to say something else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping

from edgeassist.home import Area, Floor, Home
from edgeassist.text import normalise_utterance

from .nouns import KIND_WORDS

_ARTICLES = frozenset({"the", "my", "our", "a"})
#: These tell no device from another.
_VAGUE = frozenset(
    "the my our a an of and in on at for with to no number left right big little small old new up down off stop".split()
)
_LONGEST = 4
#: What a room is, and not which.
_ROOMS = frozenset({"room", "bedroom"})
#: These tell where in a house something is, and no room.
_SIDES = frozenset("front back rear side main great living other top bottom middle".split())
_LIGHT = re.compile(r"(?:light|lamp)s?\b")


def of_devices(home: Home, spoken: Mapping[str, Iterable[str]], taken: Collection[str]) -> dict[str, str]:
    """Words -> device id. ``spoken`` are the names and who bears them, ``taken`` all words that mean something already.

    What would fit two devices is left out, and so is what a place, a kind or a number is called.
    """
    common = {word for words in (*_of_places(home), *KIND_WORDS) for word in words.split()} | _VAGUE
    found: dict[str, set[str]] = defaultdict(set)
    for name, bearers in spoken.items():
        for device in bearers:
            for words in _short(name, common):
                found[words].add(device)
            for area in _areas_in_front(home, device, name):
                found[f"{area} {_plain(name)}"].add(device)
    for words, devices in list(found.items()):
        found[_other_number(words)] |= devices
    for name, bearers in spoken.items():
        found[_other_number(name)].update(bearers)
    return {words: next(iter(ids)) for words, ids in found.items() if len(ids) == 1 and words not in taken}


def of_places(places: Mapping[str, Hashable], taken: set[str]) -> dict[str, str]:
    """Words -> place, by any name of it: "gran" for "gran's room". ``places`` are the names, and which places they are.

    What would fit two places is left out.
    """
    found: dict[str, dict[Hashable, str]] = defaultdict(dict)
    for name, place in places.items():
        *short, last = name.split()
        if short and last in _ROOMS:
            found[" ".join(short).removesuffix("'s")].setdefault(place, name)
    return {
        words: next(iter(names.values()))
        for words, names in found.items()
        if len(names) == 1 and words not in taken | _VAGUE | _SIDES
    }


def of_shared(home: Home, shared: Mapping[str, Collection[str]], taken: Collection[str]) -> dict[str, str]:
    """Words -> name that several lights share: "ceiling light" where every room has a "ceiling"."""
    lights = {device.id for device in home.devices if device.kind == "light"}
    names = (name for name, ids in shared.items() if lights.issuperset(ids) and not _LIGHT.search(name))
    return {words: name for name in names for words in (f"{name} light", f"{name} lamp") if words not in taken}


def _plain(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if rest and first in _ARTICLES else name


def _short(name: str, common: Collection[str]) -> Iterator[str]:
    """The name without its article, and those parts of it that have a word of their own."""
    yield _plain(name)
    words = _plain(name).split()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            part = words[start:end]
            if len(part) < len(words) and any(_telling(word, common) for word in part) and part[-1] not in _VAGUE:
                yield " ".join(part)


def _telling(word: str, common: Collection[str]) -> bool:
    return len(word) > 1 and word not in common and not word.isdigit()


def _other_number(words: str) -> str:
    """Singular for plural and the other way round."""
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else f"{words}s"


def _areas_in_front(home: Home, device: str, name: str) -> list[str]:
    """What the device's area is called, unless the name says that already."""
    area = home.by_id[device].area
    called = [words for each in home.areas if each.name == area for words in _names(each)]
    said = set(name.split())
    return [] if any(said & set(words.split()) for words in called) else called


def _names(place: Area | Floor) -> Iterator[str]:
    return filter(None, map(normalise_utterance, (place.name, *place.aliases)))


def _of_places(home: Home) -> Iterator[str]:
    for area in home.areas:
        yield from _names(area)
    for floor in home.floors:
        yield from _names(floor)
