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
#: With one of these a name is that of an entrance, whatever it is made of.
_MATERIALS = frozenset({"shutter", "shutters", "roller", "rollers"})
_ENTRANCES = ("garage", "gate", "door")


def classed(device: Device) -> Device:
    """The device, a cover without a class with that of its name: many conventions announce none.

    It decides which cover is asked about before it opens: the last word counts, but a shutter of a garage is a garage,
    and of several names the one that lets somebody in.
    """
    if device.kind != "cover" or device.device_class is not None:
        return device
    sorts = [sort for name in (device.name, *device.aliases) if (sort := _class(name))]
    sort = next((each for each in _ENTRANCES if each in sorts), sorts[0] if sorts else None)
    return replace(device, device_class=sort) if sort else device


def _class(name: str) -> str | None:
    words = normalise(name).split()
    found = [word for word in words if word in _CLASSES]
    if not found:
        return None
    last = _CLASSES[found[-1]]
    sorts = {_CLASSES[word] for word in found}
    if found[-1] in _MATERIALS or last in _ENTRANCES:
        return next((each for each in _ENTRANCES if each in sorts), last)
    return last
