"""What a kind or a "here" means by what else was said.

A name that was said whole is meant rather than a kind and a place ("play corner lights on the first floor"). Where no
room is known, or the room has no such thing, a word of one name alone tells ("hood to fifty"), "both" of two, or the
room of the sentence: "the lights in the den on and open the blinds" means the blinds of the den. All that only where
this home accounts for every word: what else was said may be why, or what is not wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from edgeassist.home import Area, Device
from edgeassist.verdicts import secures

from .explained import unexplained
from .lexicon import HERE, Lexicon
from .rivals import named_outright, singled_out
from .syntax import Reading, Target

_CONTRASTS = frozenset("not but isn't aren't don't dont instead rather without leave keep except no never".split())


def located(
    readings: Iterable[Reading], lexicon: Lexicon, room: Area | None, words: frozenset[str]
) -> tuple[Reading, ...]:
    """The readings with what was said put for kinds and places; ``words`` are those of the utterance."""
    readings = tuple(readings)
    if words & _CONTRASTS or unexplained(words, lexicon):
        return readings
    targets = [target for reading in readings for target in reading.targets]
    said = _Said(lexicon, room, words, targets)
    return tuple(
        replace(reading, targets=tuple(meant for target in reading.targets for meant in said.meant(reading, target)))
        for reading in readings
    )


class _Said:
    """The words of an utterance beside the names that it was read with."""

    def __init__(self, lexicon: Lexicon, room: Area | None, words: frozenset[str], targets: Sequence[Target]) -> None:
        self._lexicon = lexicon
        self._room = room
        self._free = words - {word for target in targets for word in (target.label or "").split()}
        self._taken = {lexicon.device_of(target.label) for target in targets if target.label}
        self._places = {target.place for target in targets if target.place in lexicon.places}
        self._both = "both" in words and len(targets) == 1

    def meant(self, reading: Reading, target: Target) -> list[Target]:
        """The targets that are meant by one that the model read."""
        if target.label is not None:
            return [target]
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
        return [self._placed(target, fitting)]

    def _placed(self, target: Target, fitting: Sequence[Device]) -> Target:
        """The target in the only room of the sentence, where that has such a thing."""
        within = self._lexicon.within
        rooms = [place for place in self._places if place and self._lexicon.places[place].kind == "area"]
        if len(rooms) == len(self._places) == 1 and any(each.id in within[rooms[0]] for each in fitting):
            return replace(target, place=rooms[0])
        return target


def _stands(name: str, target: Target, lexicon: Lexicon) -> bool:
    """Whether the device of that name may be in the target's place: one word alone may have been said of another."""
    return target.place == HERE or lexicon.labels[name] in lexicon.within[str(target.place)]


def _fitting(reading: Reading, target: Target, lexicon: Lexicon) -> Iterator[Device]:
    for device in lexicon.home.devices:
        if reading.function.suits(reading.form, device) and (
            target.noun is None or device.id in lexicon.nouns[target.noun]
        ):
            yield device
