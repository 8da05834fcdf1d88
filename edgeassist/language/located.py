"""What a kind or a "here" means by what else was said.

A name that was said whole is meant rather than a kind and a place ("play corner lights on the first floor"). Where no
room is known, or the room has no such thing, a word of one name alone tells ("hood to fifty"), or the place of the
sentence: "the lights in the den on and open the blinds" means the blinds of the den.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from edgeassist.home import Area, Device

from .lexicon import HERE, Lexicon
from .rivals import named_outright, singled_out
from .syntax import Reading, Target


def located(
    readings: Iterable[Reading], lexicon: Lexicon, room: Area | None, words: frozenset[str]
) -> tuple[Reading, ...]:
    """The readings with what was said put for kinds and places; ``words`` are those of the utterance."""
    readings = tuple(readings)
    targets = [target for reading in readings for target in reading.targets]
    places = {target.place for target in targets if target.place in lexicon.places}
    free = words - {word for target in targets for word in (target.label or "").split()}
    taken = {lexicon.device_of(target.label) for target in targets if target.label}

    def moved(reading: Reading, target: Target) -> Target:
        if target.label is not None:
            return target
        fitting = list(_fitting(reading, target, lexicon))
        said = named_outright([device for device in fitting if device.id not in taken], lexicon, free)
        if len(said) == 1 and (" " in said[0] or _stands(said[0], target, lexicon)):
            return Target(label=said[0])
        if target.place != HERE or (room is not None and any(device.area == room.name for device in fitting)):
            return target
        if named := singled_out(fitting, lexicon, free):
            return Target(label=lexicon.labels_of[named[0].id][0])
        there = [place for place in places if place and any(each.id in lexicon.within[place] for each in fitting)]
        return replace(target, place=there[0]) if len(places) == 1 and there else target

    return tuple(
        replace(reading, targets=tuple(moved(reading, target) for target in reading.targets)) for reading in readings
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
