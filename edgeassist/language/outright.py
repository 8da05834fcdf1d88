"""What opens an entrance or lets water run must have been said in so many words.

"See you at the gate" and "the dog waits at the back door" hold words that open a blind, and a model that hears a name
does something with it. Nor is "good night" good for the scene of the morning.
"""

from __future__ import annotations

from edgeassist.functions.covers import ENTRANCES
from edgeassist.home import Device

from .lexicon import Lexicon

_OPENS = frozenset(
    "open opens opened opening reopen unshut raise raised raising lift lifted lifting up roll slide crack tilt part"
    " unlock unlocked unlatch undo unbolt ajar let letting back wide".split()
)
_TIMES = frozenset({"morning", "afternoon", "evening", "night"})
_RUNS = frozenset("on start run running water watering flow fill filling irrigate sprinkle thirsty parched dry".split())


def is_of_another_time(device: Device, words: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether the device is one time's greeting and these words are another's."""
    own = {word for name in lexicon.labels_of.get(device.id, []) for word in name.split()}
    return "good" in own & words and bool(_TIMES & words) and (_TIMES & words).isdisjoint(own)


def is_unsaid(verb: str, device: Device, words: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether the device would be opened though no word for that was said, its own names left out."""
    if verb != "open" or not (device.kind == "valve" or device.device_class in ENTRANCES):
        return False
    names = lexicon.labels_of.get(device.id, [])
    own = {word for name in names for word in name.split()}
    return (words - own).isdisjoint(_OPENS | _RUNS if device.kind == "valve" else _OPENS)
