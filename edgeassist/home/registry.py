"""The home as it is known right now: announcements merged into one snapshot, and what the devices report.

One lock guards everything, and nothing slow happens under it. Announcements and reports come from the router's thread,
the worker reads snapshots and waits for states.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from edgeassist.bus.topics import matches
from edgeassist.messages import Publish, Value
from edgeassist.text import sanitise

from .device import Device, Driver, State
from .home import Home
from .match import toggle_result
from .merge import Entry, merge
from .toml import HomeFile

if TYPE_CHECKING:
    from edgeassist.conventions import Convention

MAX_DEVICES = 5000
#: What one device says on one topic; larger reports are read but not remembered.
MAX_REMEMBERED = 16 * 1024
#: Distinct topics of which a problem is logged; all are counted.
MAX_LOGGED = 1000

_log = logging.getLogger(__name__)
#: An announcement topic and the place of a device in it; None for declared devices.
_Key = tuple[str | None, int]
_EMPTY: State = {}
#: Levels with which an announcement topic goes on below what a producer calls its base topic.
_BELOW_ROOT = frozenset({"+", "#", "bridge", "discovery"})


@dataclass(slots=True)
class _Known:
    """A device as announced, its driver's topics, and what it has said."""

    entry: Entry
    topics: tuple[str, ...]
    state: State = field(default_factory=dict)


class HomeRegistry:
    """Devices from announcements and from ``home.toml``, and their states. Thread-safe."""

    def __init__(self, conventions: Iterable[Convention], declared: HomeFile | None = None) -> None:
        self._conventions = tuple(conventions)
        self._declared = declared or HomeFile()
        self._lock = threading.Condition()
        self._known: dict[_Key, _Known] = {}
        self._announced: dict[str, list[_Key]] = {}
        self._by_topic: dict[str, dict[_Key, _Known]] = {}
        self._filters: set[str] = set()
        self._payloads: dict[str, bytes] = {}
        self._digests: dict[str, int] = {}
        self._home: Home | None = None
        self._key_of: dict[str, _Key] = {}
        self._id_of: dict[_Key, str] = {}
        self._logged: set[str] = set()
        self.unreadable = 0
        self._declare()

    @property
    def announcement_topics(self) -> tuple[str, ...]:
        """The topic filters on which devices are announced."""
        return tuple(dict.fromkeys(topic for each in self._conventions for topic in each.subscriptions))

    def announce(self, topic: str, payload: bytes) -> bool:
        """Take in an announcement. True when the devices that the topic stands for changed."""
        convention = self._convention_of(topic)
        if convention is None:
            return False
        with self._lock:
            # Producers repeat themselves at every birth message of Home Assistant.
            if self._digests.get(topic) == hash(payload):
                return False
            try:
                devices = convention.read(topic, payload)
            except ValueError as error:
                self._count(topic, f"{convention.name} announcement", error)
                return False
            if payload:
                self._digests[topic] = hash(payload)
            else:
                self._digests.pop(topic, None)
            return self._replace(topic, convention.name, devices)

    def redeclare(self, declared: HomeFile) -> None:
        """Put another ``home.toml`` in the place of the one before. Its ``unit`` does not reach the conventions."""
        with self._lock:
            states = {known.entry.device.id: known.state for key, known in self._known.items() if key[0] is None}
            for key in [key for key in self._known if key[0] is None]:
                self._remove(key)
            self._declared = declared
            self._declare(states)
            self._home = None
            self._lock.notify_all()

    def report(self, topic: str, payload: bytes) -> frozenset[str]:
        """Take in a state report. The ids, as of the last snapshot, of the devices that it concerns."""
        with self._lock:
            listeners = self._by_topic.get(topic, {})
            if listeners and len(payload) <= MAX_REMEMBERED:
                self._payloads[topic] = payload
            # What a filter catches is not remembered: it may be of any number of topics.
            for wanted in self._filters:
                if matches(wanted, topic):
                    listeners = {**listeners, **self._by_topic[wanted]}
            if not listeners:
                return frozenset()
            heard = frozenset(
                self._id_of.get(key, known.entry.device.id)
                for key, known in listeners.items()
                if self._hear(known, topic, payload)
            )
            if heard:
                self._lock.notify_all()
            return heard

    def snapshot(self) -> Home:
        """The home now: merged, without duplicates; the same object until something changes."""
        with self._lock:
            if self._home is None:
                # By topic, since retained announcements come in any order and ids and areas must not depend on it.
                ordered = sorted(self._known.items(), key=lambda item: (item[0][0] or "", item[0][1]))
                merged = merge([(key, known.entry) for key, known in ordered], self._declared)
                self._home, self._key_of = merged.home, merged.keys
                self._id_of = {key: found for found, key in merged.keys.items()} | merged.absorbed
            return self._home

    def state(self, device_id: str) -> State:
        """What the device last reported; empty when it is unknown or has said nothing."""
        with self._lock:
            known = self._of(device_id)
            return {prop: value for prop, value in known.state.items() if prop != "available"} if known else _EMPTY

    def available(self, device_id: str) -> bool:
        """False only when the device is unknown, or something has said that it cannot be reached."""
        with self._lock:
            known = self._of(device_id)
            return known is not None and known.state.get("available") is not False

    def queries(self) -> list[Publish]:
        """What to ask devices that have not said how they are, and are not known to be away."""
        with self._lock:
            silent = [known for known in self._known.values() if not known.state.keys() - {"available"}]
            return [
                query
                for known in silent
                if known.state.get("available") is not False
                for query in getattr(known.entry.device.driver, "queries", ())
            ]

    def state_topics(self) -> set[str]:
        """All topics to subscribe to."""
        with self._lock:
            return set(self._by_topic)

    def owns(self, topic: str) -> bool:
        """Whether that is a topic of a device or beside one, or of those who announce devices: answers go elsewhere.

        "zigbee2mqtt/bridge/request/device/remove" would take an answer for its request.
        """
        if topic in self.state_topics() or any(topic.startswith(f"{root}/") for root in self._roots()):
            return True
        # "cmnd/lamp/Backlog" beside "cmnd/lamp/POWER"; a single level, as in "home/lamp", is nobody's own.
        commanded = {each for device in self.snapshot().devices for each in device.identifiers if "/" in each}
        beside = {parent for each in commanded if "/" in (parent := each.rpartition("/")[0])}
        return topic in commanded or topic.rpartition("/")[0] in beside

    def _roots(self) -> Iterable[str]:
        for topic in self.announcement_topics:
            levels = topic.split("/")
            marks = [index for index, level in enumerate(levels) if level in _BELOW_ROOT]
            yield "/".join(levels[: marks[0]] if marks else levels)

    def wait_for(
        self, device_ids: Iterable[str], predicate: Callable[[str, State], bool], timeout_s: float
    ) -> frozenset[str]:
        """Wait until ``predicate(id, state)`` has been true of every device. The ids of which it was in time."""
        deadline = time.monotonic() + timeout_s
        missing = list(dict.fromkeys(device_ids))
        fulfilled: set[str] = set()
        with self._lock:
            while True:
                fulfilled |= {device_id for device_id in missing if predicate(device_id, self.state(device_id))}
                missing = [device_id for device_id in missing if device_id not in fulfilled]
                remaining = deadline - time.monotonic()
                if not missing or remaining <= 0:
                    return frozenset(fulfilled)
                self._lock.wait(remaining)

    def attainable(self, device_id: str, change: Mapping[str, Value]) -> dict[str, Value]:
        """The change as the device will report it: on its own scale, and a toggle as what it leads to.

        Ask before the command is sent: a toggle depends on the state.
        """
        device = self.snapshot().by_id.get(device_id)
        if device is None:
            return dict(change)
        if change.get("do") == "toggle":
            return toggle_result(self.state(device_id))
        rounded = getattr(device.driver, "attainable", None)
        return dict(rounded(change)) if rounded else dict(change)

    def _declare(self, states: Mapping[str, State] = MappingProxyType({})) -> None:
        from edgeassist.conventions.plain import declared_device

        for index, entry in enumerate(self._declared.device):
            device = declared_device(entry)
            self._add((None, index), Entry(device, "home.toml"), states.get(device.id))

    def _convention_of(self, topic: str) -> Convention | None:
        found = (each for each in self._conventions if any(matches(wanted, topic) for wanted in each.subscriptions))
        return next(found, None)

    def _replace(self, topic: str, convention: str, devices: Sequence[Device]) -> bool:
        keys = self._announced.get(topic, [])
        before = [self._known[key] for key in keys]
        room = max(MAX_DEVICES - len(self._known) + len(before), 0)
        if len(devices) > room:
            self._count(topic, f"{convention} announcement", ValueError(f"more than {MAX_DEVICES} devices"))
            devices = devices[:room]
        states = {known.entry.device.id: known.state for known in before}
        for key in keys:
            self._remove(key)
        self._announced[topic] = [(topic, index) for index in range(len(devices))]
        if not devices:
            del self._announced[topic]
        for key, device in zip(self._announced.get(topic, ()), devices, strict=True):
            self._add(key, Entry(device, convention), states.get(device.id))
        for unused in {unused for known in before for unused in known.topics} - self._by_topic.keys():
            self._payloads.pop(unused, None)
        self._home = None
        self._lock.notify_all()
        return [_facts(known.entry.device) for known in before] != [_facts(device) for device in devices]

    def _add(self, key: _Key, entry: Entry, state: State | None = None) -> None:
        topics = tuple(entry.device.driver.state_topics) if entry.device.driver else ()
        known = self._known[key] = _Known(entry, topics, state or {})
        for topic in topics:
            self._by_topic.setdefault(topic, {})[key] = known
            if "+" in topic:
                self._filters.add(topic)
            # Retained reports came once, perhaps before this device was announced.
            if topic in self._payloads:
                self._hear(known, topic, self._payloads[topic])

    def _remove(self, key: _Key) -> None:
        known = self._known.pop(key)
        for topic in known.topics:
            listeners = self._by_topic[topic]
            listeners.pop(key, None)
            if not listeners:
                del self._by_topic[topic]
                self._filters.discard(topic)

    def _hear(self, known: _Known, topic: str, payload: bytes) -> bool:
        driver: Driver | None = known.entry.device.driver
        if driver is None:
            return False
        try:
            said = driver.decode(topic, payload)
        except ValueError as error:
            self._count(topic, "report", error)
            return False
        if said:
            known.state = {**known.state, **said}
        return bool(said)

    def _of(self, device_id: str) -> _Known | None:
        self.snapshot()
        key = self._key_of.get(device_id)
        return None if key is None else self._known.get(key)

    def _count(self, topic: str, what: str, error: Exception) -> None:
        self.unreadable += 1
        if topic not in self._logged and len(self._logged) < MAX_LOGGED:
            self._logged.add(topic)
            _log.warning("unreadable %s on %s: %s", what, sanitise(topic), sanitise(str(error), 200))


def _facts(device: Device) -> tuple[Device, frozenset[str]]:
    return device, frozenset(device.driver.state_topics if device.driver else ())
