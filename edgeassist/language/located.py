"""What "here" means where no room is known, or where the room has no such thing: whatever else was said tells.

"Hood to fifty" names the hood though the model took it for the fans of this room, and "the lights in the den on and
open the blinds" means the blinds of the den.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from edgeassist.home import Area, Device

from .lexicon import HERE, Lexicon
from .rivals import singled_out
from .syntax import Reading, Target


def located(
    readings: Iterable[Reading], lexicon: Lexicon, room: Area | None, words: frozenset[str]
) -> tuple[Reading, ...]:
    """The readings with another target for each "here" that is nowhere; ``words`` are those of the utterance."""
    readings = tuple(readings)
    targets = [target for reading in readings for target in reading.targets]
    places = {target.place for target in targets if target.place in lexicon.places}
    free = words - {word for target in targets for word in (target.label or "").split()}

    def moved(reading: Reading, target: Target) -> Target:
        fitting = list(_fitting(reading, target, lexicon))
        if target.place != HERE or (room is not None and any(device.area == room.name for device in fitting)):
            return target
        if named := singled_out(fitting, lexicon, free):
            return Target(label=lexicon.labels_of[named[0].id][0])
        there = [place for place in places if place and any(each.id in lexicon.within[place] for each in fitting)]
        return replace(target, place=there[0]) if len(places) == 1 and there else target

    return tuple(
        replace(reading, targets=tuple(moved(reading, target) for target in reading.targets)) for reading in readings
    )


def _fitting(reading: Reading, target: Target, lexicon: Lexicon) -> Iterator[Device]:
    for device in lexicon.home.devices:
        if reading.function.suits(reading.form, device) and (
            target.noun is None or device.id in lexicon.nouns[target.noun]
        ):
            yield device
