"""Whether a name that was read fits another thing just as well: then nobody may guess which one was meant.

A model that hears half a name completes it, with whichever device comes to its mind. What was said for a name is
counted here: its words, those of its place, and those of its kind. Words that no name explains may be another word for
something, which the model knows and a rule does not; there the model is believed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from edgeassist.home import Area, Device, Home
from edgeassist.text import normalise_utterance

from .explained import MANNER, ORDINARY, unexplained
from .lexicon import Lexicon
from .nouns import KIND_NOUNS

_LAMPS = frozenset({"lamp", "lamps", "bulb", "bulbs"})


def rivals(
    label: str,
    device: Device,
    taken: Collection[str],
    lexicon: Lexicon,
    fitting: Iterable[Device],
    words: frozenset[str],
) -> list[Device]:
    """The other devices that what was said fits as well as the one of that label; none where it singles that out.

    ``fitting`` could be targets as well, and those in ``taken`` are targets anyway. ``words`` are those of the
    utterance.
    """
    own = frozenset(label.split())
    words = with_singulars(words)
    if unexplained(words, lexicon):
        return []
    words |= {f"{word}s" for word in words}
    if own <= words or own.isdisjoint(words):
        return []
    # Beside a "Reading Lamp" a lamp is what is called one; beside a "Hall Light" any light is.
    lamps = _LAMPS if own.isdisjoint(_LAMPS) else frozenset()
    evidence = _evidence(own, device, lexicon.home, words - (_LAMPS - own - lamps))
    others = []
    for other in fitting:
        names = lexicon.labels_of.get(other.id, [])
        if other.id in taken or other.id == device.id:
            continue
        named = (frozenset(name.split()) for name in names)
        if any(evidence <= _evidence(name, other, lexicon.home, words - (_LAMPS - name - lamps)) for name in named):
            others.append(other)
    return others


def overlooked(
    label: str,
    device: Device,
    taken: Collection[str],
    lexicon: Lexicon,
    fitting: Iterable[Device],
    words: frozenset[str],
) -> list[Device]:
    """Devices that were named, where of the one of that label no word was said, nor of what it is."""
    names = [label, *lexicon.labels_of.get(device.id, [])]
    own = {word for name in names for word in name.split()} | kind_words(device)
    if not words.isdisjoint(own - MANNER):
        return []
    bearers = ((frozenset(name.split()), ids) for name, ids in _bearers(lexicon))
    said = {id_ for name, ids in bearers if name <= words and not name <= MANNER for id_ in ids}
    return [other for other in fitting if other.id in said and other.id not in taken]


def nearer(
    label: str, device: Device, room: Area | None, lexicon: Lexicon, fitting: Iterable[Device], words: frozenset[str]
) -> list[Device]:
    """What is called so in the speaker's room, by a longer name, where the one of that label is in another.

    Whoever says "the bedside lamp" beside two of them does not mean the children's. None where another place was said,
    or any word that tells the other room.
    """
    if room is None or device.area in {None, room.name} or not set(label.split()) <= with_singulars(words):
        return []
    here = (other for other in fitting if other.area == room.name)
    found = [each for each in here if any(name.endswith(f" {label}") for name in lexicon.labels_of.get(each.id, ()))]
    if not found:
        return []
    own = {word for place, where in lexicon.places.items() if where.name == room.name for word in place.split()}
    for place, where in lexicon.places.items():
        said = set(place.split())
        if where.name != room.name and (said <= words or (where.name == device.area and (said - own - MANNER) & words)):
            return []
    return found


def rival_places(place: str, lexicon: Lexicon, words: frozenset[str]) -> list[str]:
    """The other places of which as much was said as of this one, or which are what was said: a bedroom, no bathroom."""
    own = frozenset(place.split())
    said = own & words
    if own <= words or not said or unexplained(words, lexicon):
        return []
    here = lexicon.places[place]
    elsewhere = {name: other for name, other in lexicon.places.items() if other != here}
    others = {name: other for name, other in elsewhere.items() if said <= set(name.split())}
    if _head(place) not in with_singulars(words):
        # What was said as a whole was said for itself.
        unsaid = {name: other for name, other in elsewhere.items() if not words.issuperset(name.split())}
        others |= {name: other for name, other in unsaid.items() if _head(name) in words}
    return [next(name for name, each in others.items() if each == other) for other in dict.fromkeys(others.values())]


def _head(place: str) -> str:
    """What sort of place it is."""
    return place.rpartition(" ")[2]


def singled_out(fitting: Iterable[Device], lexicon: Lexicon, words: frozenset[str]) -> list[Device]:
    """The only device of whose name a word was said that no other one's has; none where words single out none."""
    fitting = list(fitting)
    bearers: dict[str, set[str]] = defaultdict(set)
    for device in fitting:
        for word in {word for name in lexicon.labels_of.get(device.id, []) for word in name.split()}:
            bearers[word].add(device.id)
    said = {id_ for word, ids in bearers.items() if len(ids) == 1 and word in words - ORDINARY for id_ in ids}
    return [device for device in fitting if device.id in said] if len(said) == 1 else []


def named_outright(fitting: Iterable[Device], lexicon: Lexicon, words: frozenset[str]) -> list[str]:
    """The names of which every word was said, one of them being no word of a place or a kind; one for each device."""
    common = ORDINARY | {word for place in lexicon.places for word in place.split()}
    found = []
    for device in fitting:
        names = [name for name in lexicon.labels_of.get(device.id, []) if words.issuperset(name.split())]
        found += [name for name in names if not common.issuperset(name.split())][:1]
    return found


def with_singulars(words: frozenset[str]) -> frozenset[str]:
    """The words, and those of which they may be the plural."""
    return words | {word[:-1] for word in words if word.endswith("s") and len(word) > 2}


def _bearers(lexicon: Lexicon) -> Iterator[tuple[str, Collection[str]]]:
    """Each name, short ones and shared ones included, and the devices that bear it."""
    yield from ((name, (device,)) for name, device in (*lexicon.labels.items(), *lexicon.nicknames.items()))
    yield from ((name, lexicon.nouns[name]) for name in lexicon.shared & lexicon.nouns.keys())


def _evidence(name: frozenset[str], device: Device, home: Home, words: frozenset[str]) -> frozenset[str]:
    """Of the words that were said, those that speak for a device of that name."""
    return words & (name | place_words(device, home) | kind_words(device))


def place_words(device: Device, home: Home) -> frozenset[str]:
    names: Sequence[str] = ()
    area = next((area for area in home.areas if area.name == device.area), None)
    if area is not None:
        names = (area.name, *area.aliases)
        floor = next((floor for floor in home.floors if floor.name == area.floor), None)
        names = (*names, floor.name, *floor.aliases) if floor is not None else names
    return frozenset(word for name in names for word in normalise_utterance(name).split())


def kind_words(device: Device) -> frozenset[str]:
    named = [noun for noun in KIND_NOUNS if noun.names(device)]
    words = frozenset(word for noun in named for each in (noun.plural, noun.singular) for word in each.split())
    return words | _LAMPS if device.kind == "light" else words
