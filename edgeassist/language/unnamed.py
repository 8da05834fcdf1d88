"""A device that a model thought of and nobody spoke of: no word of its names, of its kind or of its place was said.

"I fancy a brew" may well mean the kettle, and a model that has learned so is sure of it. Where it is not, it turns on
the fireplace because the lawn looks thirsty; whoever meant that can say so. Nor is a bread maker a coffee maker, the
patio speaker the one in the kitchen, or a lamp of Priya's what closes when her blinds are to be closed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from edgeassist.home import Device

from .explained import MANNER
from .lexicon import Lexicon
from .rivals import kind_words, place_words, with_singulars
from .syntax import Reading, Target

#: A model that is surer than this is believed.
_SURE = 0.6
#: Last words of a name that say nothing of what a thing is.
_EMPTY = (
    "machine maker cooker oven dryer drier pump charger box opener cleaner blanket feeder warmer heater tree"
    " station".split()
)
#: What any room may have: another room in front of it means another thing.
_COMMON = "speaker tv telly television radio fan lamp light heater".split()
_ROOMS = frozenset(
    "kitchen bedroom bathroom lounge hall hallway office study garage garden patio terrace porch balcony attic loft"
    " basement cellar nursery den conservatory shed playroom deck driveway".split()
)
#: One word for each kind of device that another word for it cannot be.
_KINDS = {
    word: kind
    for kind, said in (
        ("light", "light lights lamp lamps"),
        ("cover", "blind blinds curtain curtains shade shades shutter shutters"),
        ("fan", "fan fans"),
        ("media_player", "tv telly television radio speaker"),
    )
    for word in said.split()
}
#: Words for a kind of device that no other stands in for.
_ONLY = {
    "mow": "lawn_mower",
    "mower": "lawn_mower",
    "lawnmower": "lawn_mower",
    "vacuum": "vacuum",
    "hoover": "vacuum",
    "humidifier": "humidifier",
    "dehumidifier": "humidifier",
}
_DIMMED = frozenset({"dim", "dimmed", "dimmer", "brighten"})
_LOOKS = frozenset("big small little large tiny old new other same right left wrong whole damn bloody stupid".split())
_PAIR = re.compile(rf"\b(?=(?P<first>[\w']+) (?P<head>{'|'.join(dict.fromkeys((*_EMPTY, *_COMMON, *_KINDS)))})\b)")


def unnamed(readings: Iterable[Reading], words: str, lexicon: Lexicon, confidence: float) -> str | None:
    """What to ask where these (normalised) words speak of no device that was read, or of another sort of it."""
    targets = [target for reading in readings if not reading.function.reads for target in reading.targets]
    if targets and (kind := _absent(words, lexicon)):
        return f"I know no {kind} here."
    for target in targets:
        device = lexicon.named(target.label)
        if device is None:
            continue
        if sort := _of_another_sort(device, target, targets, words, lexicon):
            return f"I know no {sort} here, only {device.name}."
        if (
            device.kind == "fan"
            and not _DIMMED.isdisjoint(words.split())
            and kind_words(device).isdisjoint(words.split())
        ):
            return f"{device.name} cannot be dimmed. Which light do you mean?"
        if len(targets) == 1 and confidence < _SURE and not _is_spoken_of(device, target, words, lexicon):
            return f"If you mean {device.name}, call it so."
    return None


def _absent(words: str, lexicon: Lexicon) -> str | None:
    """The kind of device that was spoken of and that this home has not."""
    said = [kind for word in words.split() if (kind := _ONLY.get(word)) and word not in lexicon.words]
    # Homes have a thousand devices, and most utterances speak of none of these kinds.
    missing = set(said) - {device.kind for device in lexicon.home.devices} if said else ()
    return next((kind.replace("_", " ") for kind in said if kind in missing), None)


def _own(device: Device, target: Target, lexicon: Lexicon) -> set[str]:
    names = [target.label or "", *lexicon.labels_of.get(device.id, ())]
    return {word for name in names for word in name.split()}


def _is_spoken_of(device: Device, target: Target, words: str, lexicon: Lexicon) -> bool:
    own = _own(device, target, lexicon) | kind_words(device) | place_words(device, lexicon.home)
    return not with_singulars(frozenset(words.replace("'s", "").split())).isdisjoint(own - MANNER)


def _of_another_sort(
    device: Device, target: Target, targets: Collection[Target], words: str, lexicon: Lexicon
) -> str | None:
    """The washing machine that was spoken of where a coffee machine was read; what other ``targets`` name is theirs."""
    names = _own(device, target, lexicon)
    spoken = {word for other in targets for word in str(other).split()}
    known = names | spoken | place_words(device, lexicon.home) | MANNER | _LOOKS
    for found in _PAIR.finditer(words):
        first, head = found.groups()
        if head in names:
            rest = names - {head} - MANNER
            elsewhere = first in _ROOMS and device.area is not None
            if not with_singulars(frozenset({first})).isdisjoint(known):
                continue
            if elsewhere or (head in _EMPTY and rest and rest.isdisjoint(words.split())):
                return f"{first} {head}"
        elif len(targets) == 1 and first in names and _is_of_another_kind(head, device) and first not in _KINDS:
            return f"{first} {head}"
    return None


def _is_of_another_kind(head: str, device: Device) -> bool:
    kind = _KINDS.get(head)
    return (
        kind is not None and device.kind in _KINDS.values() and kind != device.kind and head not in kind_words(device)
    )
