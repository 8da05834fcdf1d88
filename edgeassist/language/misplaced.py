"""A thing that is said to be where it is not: "the tv in the kitchen", where the only one is in the living room.

The model takes the one that there is. Whoever spoke of another room means something that is not here, or has the room
wrong; what is done in a room where nobody looks is worse than asking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from edgeassist.functions.covers import ENTRANCES

from .lexicon import Lexicon
from .syntax import Reading, Target

#: What works beyond its room, goes where it is sent, or leads from one room to another.
_EVERYWHERE = frozenset(
    "vacuum lawn_mower climate sensor binary_sensor valve scene button alarm_control_panel humidifier siren"
    " lock".split()
)
_TAKEN_BACK = re.compile(r"\b(?:no|not|sorry|wait|actually|i mean|i meant|rather|leave|oops|make that)\b")
_IN = re.compile(r"([\w']+) (?:in|on) (?:the |my |our )?(?=(.+))")


def misplaced(readings: Iterable[Reading], words: str, lexicon: Lexicon) -> str | None:
    """What to say of the one thing that these (normalised) words look for elsewhere; None where all is well."""
    targets = [target for reading in readings for target in reading.targets if not reading.function.reads]
    return _elsewhere(targets[0], words, lexicon) if len(targets) == 1 and not _TAKEN_BACK.search(words) else None


def _elsewhere(target: Target, words: str, lexicon: Lexicon) -> str | None:
    device = lexicon.named(target.label)
    if (
        device is None
        or device.area is None
        or device.kind in _EVERYWHERE
        or device.members
        or device.device_class in ENTRANCES
    ):
        return None
    own = {word for label in lexicon.labels_of.get(device.id, ()) for word in label.split()}
    for found in _IN.finditer(words):
        place = max(
            (place for place in lexicon.places if f"{found[2]} ".startswith(f"{place} ")), key=len, default=None
        )
        if found[1] in own and place and place not in own and device.id not in lexicon.within[place]:
            return f"The {device.name} is in the {device.area}, and I know of no other in the {place}."
    return None
