"""Why somebody wants what they say: a reason that any command may have, or one for a wish of just that sort."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from edgeassist.language.lexicon import Lexicon
from edgeassist.language.syntax import Reading

from .template import phrases

#: Verb -> the heading of the reasons for it.
WISHES = {
    "open": "open",
    "close": "close",
    "lock": "lock",
    "unlock": "unlock",
    "brighter": "brighter",
    "darker": "darker",
    "warmer": "warmer",
    "cooler": "cooler",
    "faster": "cooler",
    "pause": "quieter",
    "halt": "quieter",
    "quieter": "quieter",
    "mute": "quieter",
    "play": "louder",
    "louder": "louder",
    "unmute": "louder",
    "clean": "clean",
    "dock": "dock",
}
#: How often the reason is one for just such a wish.
_FITTING_SHARE = 0.6


def wish(readings: Sequence[Reading], lexicon: Lexicon) -> str | None:
    """The heading of the reasons that one command may have, if it has its own."""
    reading = readings[0]
    verb = reading.form.verb
    if len(readings) > 1 or not reading.targets:
        return None
    if verb not in {"on", "off"}:
        return WISHES.get(verb)
    target = reading.targets[0]
    device = lexicon.device_of(target.label) if target.label else None
    kind = lexicon.home.by_id[device].kind if device else None
    if target.noun == "lights" or kind == "light":
        return f"light {verb}"
    return f"device {verb}" if kind in {"switch", "valve"} else None


def reason(rng: Random, wish: str | None) -> str:
    """The reason in words."""
    heading = wish if wish and rng.random() < _FITTING_SHARE else "reason"
    return rng.choice(dict(phrases("reasons.txt"))[heading]).say(rng, {})
