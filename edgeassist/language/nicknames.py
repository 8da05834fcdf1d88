"""Other words for one device, which the prompt does not show: "the bravia" for "Sony Bravia", "boardroom blind".

A nickname means exactly one device. It saves a model that copies what was said from having to say something else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from edgeassist.home import Area, Floor, Home
from edgeassist.text import normalise_utterance

from .nouns import KIND_WORDS

_ARTICLES = frozenset({"the", "my", "our", "a"})
#: These tell no device from another.
_VAGUE = frozenset(
    "the my our a an of and in on at for with to no number left right big little small old new up down off stop".split()
)
_LONGEST = 4


def nicknames(home: Home, spoken: Mapping[str, Iterable[str]], taken: Collection[str]) -> dict[str, str]:
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
