"""A device that a model thought of and nobody spoke of: no word of its names, of its kind or of its place was said.

"I fancy a brew" may well mean the kettle, and a model that has learned so is sure of it. Where it is not, it turns on
the fireplace because the lawn looks thirsty; whoever meant that can say so. Nor is a bread maker a coffee maker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from edgeassist.home import Device

from .explained import MANNER, is_known
from .lexicon import Lexicon
from .rivals import kind_words, place_words, with_singulars
from .syntax import Reading, Target

#: A model that is surer than this is believed.
_SURE = 0.75
#: Last words of a name that say nothing of what a thing is.
_EMPTY = (
    "machine|maker|cooker|oven|dryer|drier|pump|charger|box|opener|cleaner|blanket|feeder|warmer|heater|tree|station"
)
_SORT = re.compile(rf"\b(?P<sort>(?P<first>[\w']+) (?P<head>{_EMPTY}))\b")


def unnamed(readings: Iterable[Reading], words: str, lexicon: Lexicon, confidence: float) -> str | None:
    """What to ask where these (normalised) words speak of no device that was read, or of another sort of it."""
    targets = [target for reading in readings if not reading.function.reads for target in reading.targets]
    for target in targets:
        device = _named(target, lexicon)
        if device is None:
            continue
        if sort := _of_another_sort(device, target, words, lexicon):
            return f"I know no {sort} here. Do you mean the {device.name}?"
        if confidence < _SURE and not _is_spoken_of(device, target, words, lexicon):
            return f"Do you mean the {device.name}? Then say so."
    return None


def _named(target: Target, lexicon: Lexicon) -> Device | None:
    return lexicon.home.by_id.get(lexicon.device_of(target.label) or "") if target.label else None


def _own(device: Device, target: Target, lexicon: Lexicon) -> set[str]:
    names = [target.label or "", *lexicon.labels_of.get(device.id, ())]
    return {word for name in names for word in name.split()}


def _is_spoken_of(device: Device, target: Target, words: str, lexicon: Lexicon) -> bool:
    own = _own(device, target, lexicon) | kind_words(device) | place_words(device, lexicon.home)
    return not with_singulars(frozenset(words.split())).isdisjoint(own - MANNER)


def _of_another_sort(device: Device, target: Target, words: str, lexicon: Lexicon) -> str | None:
    """The washing machine that was spoken of where a coffee machine was read."""
    own = _own(device, target, lexicon)
    for found in _SORT.finditer(words):
        rest = own - {found["head"]} - MANNER
        if found["head"] in own and rest.isdisjoint(words.split()) and not is_known(found["first"], lexicon.words):
            return found["sort"]
    return None
