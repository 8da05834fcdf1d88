"""What a kind or a "here" means by what else was said.

A name that was said whole is meant rather than a kind and a place ("play corner lights on the first floor"). Where no
room is known, or the room has no such thing, a word of one name alone tells ("hood to fifty"), "both" of two, or the
room of the sentence: "the lights in the den on and open the blinds" means the blinds of the den. What describes a
thing that was named is no second one ("the play corner lights on the first floor"). All that only where
this home accounts for every word: what else was said may be why, or what is not wanted. Two things are certain anyway:
"in there" is where the other thing is, and "the grow lights" are all that differ in a number alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from edgeassist.home import Area, Device
from edgeassist.verdicts import secures

from .explained import unexplained
from .lexicon import HERE, Lexicon
from .nouns import ALL, EVERYTHING, KIND_NOUNS
from .rivals import named_outright, nearer, singled_out, with_singulars
from .syntax import Reading, Target

_NUMBER = re.compile(r"(?:\d+|[a-z])")
_SINGLE = frozenset({"one", "first", "last", "just", "only", "single", "either"})
_CONTRASTS = frozenset("not but isn't aren't don't dont instead rather without leave keep except no never".split())
_ANYTHING = frozenset({"anything", "something"})
_JOINTS = frozenset("and or plus also then too with along well".split())


def located(
    readings: Iterable[Reading], lexicon: Lexicon, room: Area | None, words: frozenset[str]
) -> tuple[Reading, ...]:
    """The readings with what was said put for kinds and places; ``words`` are those of the utterance."""
    readings = tuple(_anything(each, words) for each in readings)
    if words & _CONTRASTS:
        return readings
    readings = tuple(_apart(readings, lexicon, room, joined=not words.isdisjoint(_JOINTS)))
    said = _Said(lexicon, room, words, readings)
    meant = said.certain if unexplained(words, lexicon) else said.meant
    return tuple(
        replace(
            reading, targets=tuple(dict.fromkeys(each for target in reading.targets for each in meant(reading, target)))
        )
        for reading in readings
    )


class _Said:
    """The words of an utterance beside the names that it was read with."""

    def __init__(self, lexicon: Lexicon, room: Area | None, words: frozenset[str], readings: Sequence[Reading]) -> None:
        targets = [target for reading in readings for target in reading.targets]
        self._lexicon = lexicon
        self._room = room
        self._free = words - {word for target in targets for word in (target.label or "").split()}
        self._taken = {lexicon.device_of(target.label) for target in targets if target.label}
        self._places = {str(target.place) for target in targets if target.place in lexicon.places}
        rooms = {area: target.label for target in targets for area in self._area(target)}
        #: The places that were said, by themselves or as a part of a name; where "there" is.
        self._around = self._places | {area for area, label in rooms.items() if f" {area} " in f" {label} "}
        self._there = self._places | rooms.keys() if "there" in words else set[str]()
        self._words = words
        self._many = len(readings) > 1
        self._both = "both" in words and len(targets) == 1

    def certain(self, reading: Reading, target: Target) -> list[Target]:
        """The targets that are meant whatever else was said."""
        if target.label is not None:
            alike = self._alike(reading, target.label) or self._pair(reading, target.label)
            names = alike or self._nearer(reading, target.label)
            return [Target(label=name) for name in names] or [target]
        if target.place == HERE and self._there:
            return [self._placed(target, list(_fitting(reading, target, self._lexicon)), self._there)]
        return [target]

    def meant(self, reading: Reading, target: Target) -> list[Target]:
        """The targets that are meant by one that the model read."""
        if target.label is not None or (target.place == HERE and self._there):
            return self.certain(reading, target)
        lexicon, fitting = self._lexicon, list(_fitting(reading, target, self._lexicon))
        names = named_outright([device for device in fitting if device.id not in self._taken], lexicon, self._free)
        if len(names) == 1 and (" " in names[0] or _stands(names[0], target, lexicon)):
            return [Target(label=names[0])]
        if target.place != HERE or (self._room is not None and any(each.area == self._room.name for each in fitting)):
            return [target]
        labels = [lexicon.labels_of[each.id][0] for each in fitting if each.id in lexicon.labels_of]
        apart = len({each.area for each in fitting}) == len(labels) == len(fitting) == 2
        if self._both and apart and not any(each.members for each in fitting):
            return [Target(label=label) for label in labels]
        if not any(map(secures, fitting)) and (named := singled_out(fitting, lexicon, self._free)):
            return [Target(label=lexicon.labels_of[named[0].id][0])]
        return [self._placed(target, fitting, self._places if self._room else self._around)]

    def _placed(self, target: Target, fitting: Sequence[Device], places: set[str]) -> Target:
        """The target in the only room of the sentence, where that has such a thing."""
        within = self._lexicon.within
        rooms = [place for place in places if self._lexicon.places[place].kind == "area"]
        if len(rooms) == len(places) == 1 and any(each.id in within[rooms[0]] for each in fitting):
            return replace(target, place=rooms[0])
        return target

    def _area(self, target: Target) -> list[str]:
        """What the room of a thing that was named is called."""
        device = self._lexicon.device_of(target.label) if target.label else None
        area = self._lexicon.home.by_id[device].area if device else None
        return [name for name, place in self._lexicon.places.items() if area == place.name and place.kind == "area"][:1]

    def _nearer(self, reading: Reading, label: str) -> list[str]:
        """The names of those that are called so in the speaker's room, where that is one, or all were meant."""
        lexicon, last = self._lexicon, label.rsplit(maxsplit=1)[-1]
        device = lexicon.home.by_id[lexicon.device_of(label) or ""]
        found = nearer(label, device, self._room, lexicon, _fitting(reading, Target(label=label), lexicon), self._words)
        many = self._words & {"all", "every", f"{last}s", f"{last}es"}
        if any(map(secures, found)) or not (len(found) == 1 or many or (len(found) == 2 and "both" in self._words)):
            return []
        return [lexicon.labels_of[each.id][0] for each in found]

    def _pair(self, reading: Reading, label: str) -> list[str]:
        """Of "both hue plays" the two names that differ in one word, which was not said."""
        if "both" not in self._words:
            return []
        said, own = with_singulars(self._words), set(label.split())
        found = {}
        for other in _fitting(reading, Target(label=label), self._lexicon):
            for name in self._lexicon.labels_of.get(other.id, []):
                shared = own & set(name.split())
                apart = (own | set(name.split())) - shared
                if shared and shared <= said and len(apart) == 2 and apart.isdisjoint(said):
                    found[other.id] = name
        return [label, *found.values()] if len(found) == 1 else []

    def _alike(self, reading: Reading, label: str) -> list[str]:
        """All the names that differ in a number or a letter at the end, where their plural was said without one."""
        stem, _, number = label.rpartition(" ")
        if not _NUMBER.fullmatch(number) or not stem or number in self._words or self._words & _SINGLE:
            return []
        *before, last = stem.split()
        if not self._words & {f"{last}s", f"{last}es"} or not self._words.issuperset(before):
            return []
        named = re.compile(rf"{re.escape(stem)} {_NUMBER.pattern}")
        fitting = list(_fitting(reading, Target(label=label), self._lexicon))
        placed = [place for place in self._lexicon.places if self._words.issuperset(place.split())]
        if self._many or any(map(secures, fitting)) or any(not set(place.split()) <= set(before) for place in placed):
            return []
        ids = {device.id for device in fitting}
        return [other for other, id_ in self._lexicon.labels.items() if id_ in ids and named.fullmatch(other)]


def _apart(readings: Sequence[Reading], lexicon: Lexicon, room: Area | None, *, joined: bool) -> Iterator[Reading]:
    """The readings less the kinds in a place that only say what a named thing is, and where.

    Where words are joined, as in "and", these may be several things; but nobody knows which lamp is here in no room.
    """
    named = {
        (reading.form.verb, lexicon.device_of(target.label))
        for reading in readings
        for target in reading.targets
        if target.label
    }
    for reading in readings:
        kept = [
            target
            for target in reading.targets
            if target.noun is None
            or (joined and (room or target.place != HERE))
            or not any((reading.form.verb, device) in named for device in _meant_by(target, lexicon, room))
        ]
        if kept or not reading.targets:
            yield replace(reading, targets=tuple(kept))


def _meant_by(target: Target, lexicon: Lexicon, room: Area | None) -> frozenset[str]:
    """The devices of a kind in a place, or of that kind where no room is known."""
    held = lexicon.nouns[str(target.noun)]
    if target.place != HERE:
        return held & lexicon.within[str(target.place)]
    return held & {device.id for device in lexicon.home.in_area(room.name)} if room else held


def _anything(reading: Reading, words: frozenset[str]) -> Reading:
    """Asked whether anything is on, a model says lights."""
    if reading.form.verb != "is" or words.isdisjoint(_ANYTHING) or "on" not in words:
        return reading
    switched = (noun for noun in KIND_NOUNS if noun.kinds <= EVERYTHING)
    kinds = {noun.plural for noun in switched if words.isdisjoint({noun.plural, noun.singular})}
    return replace(
        reading,
        targets=tuple(replace(each, noun=ALL.plural) if each.noun in kinds else each for each in reading.targets),
    )


def _stands(name: str, target: Target, lexicon: Lexicon) -> bool:
    """Whether the device of that name may be in the target's place: one word alone may have been said of another."""
    return target.place == HERE or lexicon.labels[name] in lexicon.within[str(target.place)]


def _fitting(reading: Reading, target: Target, lexicon: Lexicon) -> Iterator[Device]:
    for device in lexicon.home.devices:
        if reading.function.suits(reading.form, device) and (
            target.noun is None or device.id in lexicon.nouns[target.noun]
        ):
            yield device
