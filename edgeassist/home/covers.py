"""What sort of cover a cover is, where nobody said so but its name."""

from __future__ import annotations

from dataclasses import replace

from edgeassist.text import normalise

from .device import Device

_WORDS = {
    "blind": "blind venetian roller",
    "curtain": "curtain drape voile",
    "shade": "shade",
    "shutter": "shutter",
    "awning": "awning canopy sunshade",
    "garage": "garage",
    "gate": "gate",
    "door": "door",
    "window": "window skylight rooflight",
}
_CLASSES = {form: sort for sort, words in _WORDS.items() for word in words.split() for form in (word, f"{word}s")}
#: Behind "garage" they are ways into it.
_WAYS_IN = frozenset({"door", "shutter", "gate"})


def classed(device: Device) -> Device:
    """The device, a cover without a class with that of its name: many conventions announce none.

    It decides which cover is asked about before it opens, so the last word counts and of a garage every way in.
    """
    if device.kind != "cover" or device.device_class is not None:
        return device
    sort = next(filter(None, map(_class, (device.name, *device.aliases))), None)
    return replace(device, device_class=sort) if sort else device


def _class(name: str) -> str | None:
    found = [_CLASSES[word] for word in normalise(name).split() if word in _CLASSES]
    if not found:
        return None
    return "garage" if "garage" in found and found[-1] in _WAYS_IN else found[-1]
