"""Many announcements, one home: duplicates are one device, areas get names, people's own words win."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from edgeassist.text import normalise, sanitise

from .device import Area, Device, Floor
from .home import Home
from .toml import HomeFile, OverrideEntry

K = TypeVar("K", bound=Hashable)

#: Whose names, areas and drivers win for a thing that several announce.
_PRECEDENCE = {"home.toml": 0, "homeassistant": 1}
_OTHERS = 2
_READ_ONLY = {"sensor", "binary_sensor"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A device and the convention that announced it."""

    device: Device
    convention: str


@dataclass(frozen=True, slots=True)
class Merged(Generic[K]):
    """The home; the key of the announcement behind each device id; the ids that duplicates were merged into."""

    home: Home
    keys: dict[str, K]
    absorbed: dict[K, str]


def merge(entries: Iterable[tuple[K, Entry]], declared: HomeFile) -> Merged[K]:
    """One home out of all announcements, in a stable order."""
    ranked = sorted(entries, key=lambda item: _PRECEDENCE.get(item[1].convention, _OTHERS))
    distinct, same_as = _distinct(ranked)
    overrides = _Overrides(declared.override)
    areas = _Areas(declared)
    devices: dict[str, Device] = {}
    keys: dict[str, K] = {}
    names: dict[K, str] = {}
    wanted = [(key, overrides.applied(_cleaned(device))) for key, device in distinct]
    kept = [(key, device) for key, device in wanted if device is not None]
    # All areas first: a name's prefix may be an area that a later device brings.
    areas.add(device.area for _, device in kept)
    for key, device in kept:
        placed = areas.placed(device)
        unique = replace(placed, id=_free(placed.id, devices))
        devices[unique.id], keys[unique.id], names[key] = unique, key, unique.id
    absorbed = {key: names[winner] for key, winner in same_as.items() if winner in names}
    ordered = tuple(sorted(_with_members(devices.values()), key=lambda each: (normalise(each.name), each.id)))
    floors = tuple(Floor(floor.name, floor.aliases) for floor in declared.floor)
    return Merged(Home(ordered, areas.all(), floors, declared.unit), keys, absorbed)


def _distinct(ranked: Sequence[tuple[K, Entry]]) -> tuple[list[tuple[K, Device]], dict[K, K]]:
    """The devices without those that another convention has announced already.

    Two are the same when they share an identifier that belongs to no other device of the kind in either convention: the
    address of a Zigbee plug with two outlets tells nothing about which outlet it is, its command topic does.
    """
    owners: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for index, (_, entry) in enumerate(ranked):
        for identifier in entry.device.identifiers:
            owners[entry.convention, entry.device.kind, identifier].append(index)
    conventions = dict.fromkeys(entry.convention for _, entry in ranked)
    found: dict[int, Device] = {}
    same_as: dict[K, K] = {}
    by_id: dict[tuple[str, str], int] = {}
    for index, (key, entry) in enumerate(ranked):
        device = entry.device
        earlier = by_id.setdefault((entry.convention, device.id), index)
        # Announced twice by its own convention: in both forms of discovery, while a producer migrates.
        twin = earlier if earlier != index and found.get(earlier) else None
        if twin is not None and not ranked[twin][1].device.identifiers & device.identifiers:
            twin = None
        for convention in conventions:
            if twin is not None or convention == entry.convention:
                break
            for identifier in device.identifiers:
                others = owners.get((convention, device.kind, identifier), ())
                if (
                    len(others) == 1
                    and len(owners[entry.convention, device.kind, identifier]) == 1
                    and others[0] in found
                ):
                    twin = others[0]
        if twin is None:
            found[index] = device
        else:
            found[twin] = _united(found[twin], device)
            same_as[key] = ranked[twin][0]
    return [(ranked[index][0], device) for index, device in found.items()], same_as


def _united(kept: Device, other: Device) -> Device:
    """The kept device, with what only the other knows."""
    return replace(
        kept,
        area=kept.area or other.area,
        device_class=kept.device_class or other.device_class,
        members=kept.members or other.members,
        identifiers=kept.identifiers | other.identifiers | {other.id},
        driver=kept.driver or other.driver,
    )


def _cleaned(device: Device) -> Device:
    """Names of peers end in prompts, grammars and logs: what they may hold is bounded here, once."""
    return replace(
        device,
        name=sanitise(device.name) or device.id,
        area=sanitise(device.area or "") or None,
        modes=tuple(sanitise(mode, 40) for mode in device.modes[:30]),
    )


def _free(wanted: str, taken: Mapping[str, Device]) -> str:
    """The id, or the first numbered one that nobody has."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}_{number}" in taken:
        number += 1
    return f"{wanted}_{number}"


def _with_members(devices: Iterable[Device]) -> list[Device]:
    """Groups with the ids of their members, and with what these can do when their own announcement does not say."""
    listed = list(devices)
    by_word: dict[str, list[Device]] = defaultdict(list)
    for device in listed:
        if not device.members:
            for word in {device.id, normalise(device.name), *device.identifiers}:
                by_word[word].append(device)
    return [_group(device, by_word) if device.members else device for device in listed]


def _group(group: Device, by_word: Mapping[str, Sequence[Device]]) -> Device:
    found = [_member(by_word.get(word) or by_word.get(normalise(word)) or (), group) for word in group.members]
    members = [device for device in found if device is not None]
    kinds = {device.kind for device in members}
    able: frozenset[str] = frozenset().union(*(device.capabilities for device in members))
    return replace(
        group,
        members=tuple(dict.fromkeys(device.id for device in members)),
        kind=kinds.pop() if len(kinds) == 1 else group.kind,
        capabilities=group.capabilities or able,
        whole=len(members) == len(group.members),
    )


def _member(candidates: Sequence[Device], group: Device) -> Device | None:
    """Of the devices behind one address: one of the group's kind, else one that can be commanded."""
    ranked = sorted(candidates, key=lambda device: (device.kind != group.kind, device.kind in _READ_ONLY))
    return ranked[0] if ranked and ranked[0].kind not in _READ_ONLY else None


class _Overrides:
    """``[[override]]`` entries, by what they match."""

    def __init__(self, overrides: Sequence[OverrideEntry]) -> None:
        self._by_match = {normalise(override.match): override for override in overrides}

    def applied(self, device: Device) -> Device | None:
        """The device as its owner wants it; None when it is excluded."""
        override = self._by_match.get(normalise(device.id)) or self._by_match.get(normalise(device.name))
        if override is None:
            return device
        if override.exclude:
            return None
        return replace(
            device,
            name=override.name or device.name,
            area=override.area or device.area,
            aliases=(*device.aliases, *override.aliases),
            kind=override.kind or device.kind,
            device_class=override.device_class or device.device_class,
            risk=override.risk or device.risk,
        )


class _Areas:
    """The declared areas, and those that announcements suggest."""

    def __init__(self, declared: HomeFile) -> None:
        self._areas = {normalise(area.name): Area(area.name, area.floor, area.aliases) for area in declared.area}
        self._by_alias = {normalise(alias): area for area in self._areas.values() for alias in area.aliases}

    def add(self, suggested: Iterable[str | None]) -> None:
        for name in suggested:
            if name is not None and self._find(name) is None:
                self._areas[normalise(name)] = Area(name)

    def placed(self, device: Device) -> Device:
        """The device in an area of the home; "kitchen/ceiling" is in the kitchen where there is one."""
        if device.area is not None:
            found = self._find(device.area)
            return replace(device, area=found.name if found else device.area)
        prefix, slash, rest = device.name.partition("/")
        area = self._find(prefix) if slash and rest.strip() else None
        if area is None:
            return device
        return replace(device, area=area.name, name=rest.replace("/", " ").strip())

    def all(self) -> tuple[Area, ...]:
        return tuple(self._areas.values())

    def _find(self, name: str) -> Area | None:
        spoken = normalise(name.replace("_", " "))
        return self._areas.get(spoken) or self._by_alias.get(spoken)
