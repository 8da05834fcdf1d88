"""Everything in this home that can be named, in normalised words.

Three sorts of names: a *label* is one device; a *noun* is several ("lights", or "lamp" where two devices are lamps) and
needs a place; a *place* is an area, a floor, ``here`` or ``everywhere``. Which room "here" is, is resolved outside the
model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from edgeassist.home import Device, Home
from edgeassist.text import normalise_utterance

from . import nicknames
from .nouns import ALL, KIND_NOUNS, KIND_WORDS
from .reach import Reach

HERE = "here"
EVERYWHERE = "everywhere"
_RESERVED = {HERE, EVERYWHERE, ALL.plural, "none"}


@dataclass(frozen=True)
class Place:
    kind: Literal["area", "floor"]
    name: str


@dataclass(frozen=True)
class Lexicon:
    """Labels, nouns and places of a home; :meth:`narrow` keeps those of a shortlist."""

    home: Home
    labels: Mapping[str, str]
    nouns: Mapping[str, frozenset[str]]
    shared: frozenset[str]
    places: Mapping[str, Place]
    #: Words that mean one device as well, and that no prompt shows.
    nicknames: Mapping[str, str] = field(default_factory=dict)
    #: So do these one of the places or one of the shared nouns.
    aliases: Mapping[str, str] = field(default_factory=dict)
    #: Where this one was narrowed: what it is a part of.
    whole: Lexicon | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, home: Home) -> Lexicon:
        places = _places(home)
        spoken = _spoken(home.devices, places)
        labels = {words: ids[0] for words, ids in spoken.items() if len(ids) == 1}
        shared = {words: frozenset(ids) for words, ids in spoken.items() if len(ids) > 1}
        shared.update(_shared_endings(labels, taken={*places, *spoken}))
        nouns = {noun.plural: ids for noun in (*KIND_NOUNS, ALL) if (ids := _ids(filter(noun.names, home.devices)))}
        taken = {*places, *spoken, *shared, *nouns, *KIND_WORDS, *_RESERVED}
        others = nicknames.of_devices(home, spoken, taken)
        taken |= others.keys()
        aliases = {**nicknames.of_places(places, taken), **nicknames.of_shared(home, shared, taken)}
        return cls(home, labels, {**shared, **nouns}, frozenset(shared) - nouns.keys(), places, others, aliases)

    def narrow(self, ids: Collection[str], places: Collection[str]) -> Lexicon:
        """The same lexicon with the labels of those devices and those places; common nouns stay."""
        kept = frozenset(ids)
        return Lexicon(
            self.home,
            {label: device for label, device in self.labels.items() if device in kept},
            {noun: held for noun, held in self.nouns.items() if noun not in self.shared or not held.isdisjoint(kept)},
            self.shared,
            {words: place for words, place in self.places.items() if words in places},
            {words: device for words, device in self.nicknames.items() if device in kept},
            self.aliases,
            self.whole or self,
        )

    def device_of(self, words: str) -> str | None:
        """The id of the device that a label or a nickname means."""
        return self.labels.get(words) or self.nicknames.get(words)

    def named(self, words: str | None) -> Device | None:
        """The device that a label or a nickname means; None for no words, too."""
        return self.home.by_id.get(self.device_of(words) or "") if words else None

    @cached_property
    def also(self) -> Mapping[str, list[str]]:
        """Place or shared noun -> other words for it."""
        found: dict[str, list[str]] = defaultdict(list)
        for words, name in self.aliases.items():
            found[name].append(words)
        return found

    @cached_property
    def reach(self) -> Reach:
        """Which devices the forms fit and where they are; that of the whole lexicon."""
        return self.whole.reach if self.whole else Reach(self)

    @cached_property
    def within(self) -> dict[str, frozenset[str]]:
        """Spoken place -> ids of the devices there; ``everywhere`` is all of them."""
        found = {
            words: _ids(self.home.in_area(place.name) if place.kind == "area" else self.home.on_floor(place.name))
            for words, place in self.places.items()
        }
        return {**found, EVERYWHERE: _ids(self.home.devices)}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of a name or a place; those of the whole lexicon."""
        if self.whole:
            return self.whole.words
        names = (self.labels, self.shared, self.places, self.aliases)
        return frozenset(word for each in names for name in each for word in name.split())

    @cached_property
    def labels_of(self) -> dict[str, list[str]]:
        """Device id -> its labels, the name first."""
        found: dict[str, list[str]] = defaultdict(list)
        for label, device in self.labels.items():
            found[device].append(label)
        return dict(found)


def _ids(devices: Iterable[Device]) -> frozenset[str]:
    return frozenset(device.id for device in devices)


def _places(home: Home) -> dict[str, Place]:
    """Spoken place -> what it is. A floor that is called like an area is "attic floor"; of two alike the first counts.

    The narrower one keeps the name: who meant the floor sees that too little was done, and can say so.
    """
    places: dict[str, Place] = {}
    for area in home.areas:
        for name in (area.name, *area.aliases):
            places.setdefault(normalise_utterance(name), Place("area", area.name))
    for floor in home.floors:
        for name in (floor.name, *floor.aliases):
            words = normalise_utterance(name)
            places.setdefault(f"{words} floor" if words in places else words, Place("floor", floor.name))
    return {words: place for words, place in places.items() if words and words not in _RESERVED}


def _spoken(devices: Iterable[Device], places: Collection[str]) -> dict[str, list[str]]:
    """Normalised name or alias -> the devices that bear it; a device named like a place gets its kind appended."""
    spoken: dict[str, list[str]] = defaultdict(list)
    for device in devices:
        for name in (device.name, *device.aliases):
            words = normalise_utterance(name)
            if words in places or words in _RESERVED:
                words = f"{words} {device.kind.replace('_', ' ')}"
            if words and device.id not in spoken[words]:
                spoken[words].append(device.id)
    return {words: ids for words, ids in spoken.items() if ids}


def _shared_endings(labels: Mapping[str, str], taken: Collection[str]) -> dict[str, frozenset[str]]:
    """Endings that at least two devices share: "lamp" for "desk lamp" and "floor lamp"."""
    endings: dict[str, set[str]] = defaultdict(set)
    for label, device in labels.items():
        words = label.split()
        for start in range(1, len(words)):
            endings[" ".join(words[start:])].add(device)
    return {
        ending: frozenset(ids)
        for ending, ids in endings.items()
        if len(ids) > 1 and ending not in taken and ending not in KIND_WORDS and not ending[0].isdigit()
    }
