"""Names that mean two things: who says them is asked back each time, and should know why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from edgeassist.text import normalise_utterance

from .device import Device
from .home import Home


def troubles(home: Home) -> list[str]:
    """One sentence for each name that cannot be told apart, with what to do about it."""
    return [*_devices(home.devices), *_places(home)]


def _devices(devices: Iterable[Device]) -> Iterator[str]:
    alike: dict[tuple[str, str], list[Device]] = defaultdict(list)
    for device in devices:
        # Once each, however many of its aliases come to the same words.
        for words in {normalise_utterance(name): None for name in (device.name, *device.aliases)}:
            alike[words, device.area or ""].append(device)
    for (words, area), found in alike.items():
        # A plug and the sensor of its power are never commanded for each other.
        commanded = [device for device in found if device.kind not in {"sensor", "binary_sensor"}]
        if words and len(commanded) > 1:
            ids = " and ".join(device.id for device in commanded)
            where = f"in {area}" if area else "without an area"
            yield f"{words!r} {where} means {ids}: rename one, or give one another area, with [[override]]"


def _places(home: Home) -> Iterator[str]:
    meant: dict[str, list[str]] = defaultdict(list)
    for kind, named in (("area", home.areas), ("floor", home.floors)):
        for item in named:
            for words in {normalise_utterance(name): None for name in (item.name, *item.aliases)}:
                meant[words].append(f"the {kind} {item.name!r}")
    for words, found in meant.items():
        if words and len(found) > 1:
            hint = "say its name and 'floor' for the floor" if found[-1].startswith("the floor") else "rename one"
            yield f"{words!r} means {' and '.join(found)}, and the first counts: {hint}"
