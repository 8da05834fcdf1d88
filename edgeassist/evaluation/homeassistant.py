"""Home Assistant's English test sentences (the folder of an intent, a file for each combination of slots) as a suite.

``_fixtures.yaml`` is the home, to which a file adds its own areas, floors and entities. What a sentence means is said
by its intent and slots; where the home lacks what a slot speaks of, it is furnished with one. An intent that the
contract has no function for expects that nothing is done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from edgeassist.errors import ConfigError
from edgeassist.home import Area, Device, Floor, Home
from edgeassist.home.device import Kind
from edgeassist.language.nouns import KIND_NOUNS
from edgeassist.text import normalise, normalise_utterance

from .suite import Case, Meaning, Step, Suite

FIXTURES = "_fixtures.yaml"
UNSUPPORTED = "unsupported"
_KINDS: Mapping[str, Kind] = {
    **{kind: kind for kind in get_args(Kind)},
    "script": "scene",
    "input_button": "button",
    "input_boolean": "switch",
}
#: What fixtures do not say of an entity: a home's devices can do what their intents speak of.
_ABLE: Mapping[str, frozenset[str]] = {
    "light": frozenset({"brightness", "color", "color_temp"}),
    "cover": frozenset({"position", "stop"}),
    "valve": frozenset({"position", "stop"}),
    "fan": frozenset({"percentage"}),
    "climate": frozenset({"temperature", "mode"}),
    "media_player": frozenset({"volume", "playback"}),
}
_TURNED: Mapping[str, tuple[str, str]] = {
    "cover": ("open", "close"),
    "valve": ("open", "close"),
    "lock": ("lock", "unlock"),
    "scene": ("activate", "activate"),
    "button": ("activate", "activate"),
    "vacuum": ("start_vacuum", "return_vacuum"),
    "lawn_mower": ("start_vacuum", "return_vacuum"),
}
_MEDIA = {
    "HassMediaNext": "media_next",
    "HassMediaPause": "media_pause",
    "HassMediaPrevious": "media_previous",
    "HassMediaUnpause": "media_play",
}
_STEP = 10

_Slots = Mapping[str, Any]


def load_homeassistant(folder: Path) -> Suite:
    """Read such a folder. Raises ConfigError where it is none."""
    fixtures = _read(folder / FIXTURES)
    homes: dict[str, Home] = {}
    cases: list[Case] = []
    for file in sorted(folder.glob("*/*.yaml")):
        tests = _read(file)
        home = _home(fixtures, tests)
        for test in tests.get("tests", ()):
            furnished = _Test(file.parent.name, test.get("slots") or {}, str(test.get("response", "")), home).furnish()
            homes.setdefault(furnished.home.digest, furnished.home)
            cases += [furnished.case(text) for text in _sentences(test)]
    if not cases:
        raise ConfigError(f"{folder} holds no test sentences: expected folders named like intents beside {FIXTURES}")
    return Suite("home assistant", homes, tuple(cases))


def _read(path: Path) -> Mapping[str, Any]:
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: no sentences of Home Assistant: {error}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: no sentences of Home Assistant: not a mapping")
    return content


def _sentences(test: Mapping[str, Any]) -> list[str]:
    said = test["sentences"]
    return [said] if isinstance(said, str) else list(said)


def _home(*contents: Mapping[str, Any]) -> Home:
    """Later contents add to the earlier ones; what bears the same name is the same thing."""
    floors: dict[str, Floor] = {}
    areas: dict[str, Area] = {}
    devices: dict[tuple[str, str], Device] = {}
    named: dict[str, str] = {}
    for content in contents:
        for entry in content.get("floors", ()):
            floors.setdefault(entry["name"], Floor(entry["name"]))
            named[entry.get("id", entry["name"])] = entry["name"]
        for entry in content.get("areas", ()):
            floor = named.get(entry.get("floor", ""), entry.get("floor"))
            areas.setdefault(entry["name"], Area(entry["name"], floor))
            named[entry.get("id", entry["name"])] = entry["name"]
        for number, entry in enumerate(content.get("entities", ())):
            device = _device(entry, named, number)
            if device is not None:
                devices.setdefault((normalise(device.name), device.id.split(".")[0] + str(device.device_class)), device)
    return Home(tuple(_distinct(devices.values())), tuple(areas.values()), tuple(floors.values()), "F", "fixtures")


def _device(entry: Mapping[str, Any], named: Mapping[str, str], number: int) -> Device | None:
    domain = entry.get("domain") or str(entry["id"]).partition(".")[0]
    if domain not in _KINDS:
        return None
    kind = _KINDS[domain]
    name = re.sub(r"\[(.*?)\]", r"\1", entry["name"])
    area = entry.get("area")
    return Device(
        entry.get("id") or f"{domain}.{normalise(name).replace(' ', '_')}_{number}",
        name,
        kind,
        (entry.get("attributes") or {}).get("device_class"),
        named.get(area, area) if area else None,
        capabilities=_ABLE.get(kind, frozenset()),
    )


def _distinct(devices: Iterable[Device]) -> Iterable[Device]:
    """Without the namesakes that a file repeats without saying their class."""
    held: list[Device] = []
    for device in devices:
        twin = next((o for o in held if (o.kind, normalise(o.name)) == (device.kind, normalise(device.name))), None)
        if twin is None or (device.device_class and device.device_class != twin.device_class):
            held.append(device)
    return held


@dataclass(frozen=True)
class _Test:
    """One group of sentences of a file, which all mean the same in the same home."""

    intent: str
    slots: _Slots
    response: str
    home: Home

    def furnish(self) -> _Test:
        """With a device of what the slots speak of, where the home has none there."""
        kind = self._kind()
        if kind is None or self._fitting(kind):
            return self
        wanted = self.slots.get("device_class")
        areas = [a.name for a in self.home.areas if a.floor == self.slots.get("floor", a.floor)]
        area = self.slots.get("area") or next((name for name in areas if normalise(name) == wanted), areas[0])
        noun = next(n.singular for n in KIND_NOUNS if kind in n.kinds and (wanted in n.classes or not n.classes))
        name = noun.title() if normalise(area) in noun else f"{area} {noun}".title()
        made = Device(f"{kind}.{normalise(name).replace(' ', '_')}", name, kind, wanted, area, capabilities=_ABLE[kind])
        return replace(self, home=replace(self.home, devices=(*self.home.devices, made)))

    def case(self, text: str) -> Case:
        """The case of one of its sentences."""
        right = self._right(normalise_utterance(text))
        tags = (self.intent, *(() if right else (UNSUPPORTED,)))
        tags += ("question",) if right and right[0] and isinstance(right[0][0], Step) and _asks(right[0]) else ()
        return Case(self.home.digest, text, right or ("none", "ask"), tags, self._room())

    def _right(self, words: str) -> tuple[Meaning, ...]:
        """The right answers; none where the contract has no function for it."""
        reader = _MEANINGS.get(self.intent)
        if reader is None or "conversation_command" in self.slots:
            return ()
        return reader(self, words)

    def _kind(self) -> Kind | None:
        """The kind of device that an intent without a name is about."""
        if "name" in self.slots or (self.intent == "HassGetState"):
            return None
        by_intent: Mapping[str, Kind] = {
            "HassLightSet": "light",
            "HassFanSetSpeed": "fan",
            "HassClimateGetTemperature": "climate",
            "HassClimateSetTemperature": "climate",
        }
        domain = self.slots.get("domain")
        return _KINDS[domain] if domain else by_intent.get(self.intent)

    def _fitting(self, kind: Kind) -> list[Device]:
        """Devices of that kind and class in the area or on the floor that was said."""
        area, floor, wanted = (self.slots.get(slot) for slot in ("area", "floor", "device_class"))
        return [
            device
            for device in self.home.devices
            if device.kind == kind
            and (wanted is None or device.device_class == wanted)
            and (area is None or device.area == area)
            and (floor is None or self.home.floor_of.get(device.area or "") == floor)
        ]

    def _room(self) -> str | None:
        """Where it was said: for what names neither thing nor place, the first room that has such a thing."""
        about: Kind | None = "media_player" if self.intent in _PLAYERS else self._kind()
        if about is None or self.slots.keys() & {"name", "area", "floor"} or self.intent == "HassGetState":
            return None
        return next((device.area for device in self._fitting(about) if device.area), None)

    def ids(self, kind: Kind, *, everywhere: bool = False) -> tuple[str, ...]:
        """Devices that are meant: the named one, or those of the kind in the place that was said, or in the room."""
        if "name" in self.slots:
            named = [d for d in self.home.devices if normalise(d.name) == normalise(self.slots["name"])]
            return tuple(d.id for d in named if d.kind == kind or len(named) == 1)
        room = None if everywhere else self._room()
        return tuple(d.id for d in self._fitting(kind) if room is None or d.area == room)

    def named_kind(self) -> Kind:
        """The kind of the named device, or of the slots."""
        name = normalise(str(self.slots.get("name", "")))
        found = next((device.kind for device in self.home.devices if normalise(device.name) == name), None)
        return found or _KINDS[self.slots.get("domain", "light")]


def _asks(meaning: Meaning) -> bool:
    return not isinstance(meaning, str) and all(step.function in {"get_state", "timer_status"} for step in meaning)


def _turned(test: _Test, words: str, which: int) -> tuple[Meaning, ...]:
    kind = test.named_kind()
    function = _TURNED.get(kind, ("turn_on", "turn_off"))[which]
    said = set(words.split())
    here = (Step(function, test.ids(kind)),)
    if test.slots.keys() != {"domain"} or said & {"here", "room"} or not said & {"all", "every", "everywhere"}:
        return (here,)
    # Home Assistant's "all the lights" are those of the room, unless its file says otherwise; ours are all.
    return ((Step(function, test.ids(kind, everywhere=True)),), here)


def _set(function: str, kind: Kind, **arguments: str) -> Callable[[_Test, str], tuple[Meaning, ...]]:
    """``arguments`` are those of the function by the slots that give them."""

    def right(test: _Test, _words: str) -> tuple[Meaning, ...]:
        said = {arguments[slot]: value for slot, value in test.slots.items() if slot in arguments}
        about = test.named_kind() if function == "set_position" else kind
        return ((Step(function, test.ids(about), said),),)

    return right


def _media(test: _Test, _words: str) -> tuple[Meaning, ...]:
    return ((Step(_MEDIA[test.intent], test.ids("media_player")),),)


def _louder(test: _Test, _words: str) -> tuple[Meaning, ...]:
    step = {"up": _STEP, "down": -_STEP}.get(test.slots["volume_step"], test.slots["volume_step"])
    return ((Step("set_volume", test.ids("media_player"), {"volume_step": step}),),)


def _unmute(test: _Test, _words: str) -> tuple[Meaning, ...]:
    return ((Step("set_volume", test.ids("media_player"), {"muted": False}),),)


def _temperature(test: _Test, _words: str) -> tuple[Meaning, ...]:
    ids = test.ids("climate")
    said = {"attribute": "temperature"}
    return ((Step("get_state", ids, said),), *((Step("get_state", (each,), said),) for each in ids if len(ids) > 1))


def _state(test: _Test, words: str) -> tuple[Meaning, ...]:
    """What is asked about is said by the slots, or else by a name in the answer, or by a noun in the question."""
    if "device_class" in test.slots or "domain" in test.slots:
        kind = _KINDS[test.slots.get("domain", "cover")]
    elif "name" in test.slots:
        return ()
    else:
        answered = [d for d in test.home.devices if normalise(d.name) in normalise(test.response)]
        spoken = set(words.split())
        asked = next((n for n in KIND_NOUNS if spoken & {n.plural, n.singular} and not n.classes), None)
        found = asked.kinds if asked else {device.kind for device in answered}
        if len(found) != 1:
            return ()
        kind = _KINDS[next(iter(found))]
    return ((Step("get_state", test.ids(kind)),),)


def _started(test: _Test, _words: str) -> tuple[Meaning, ...]:
    units = {"hours": 3600, "minutes": 60, "seconds": 1}
    seconds = sum(int(test.slots.get(unit, 0)) * each for unit, each in units.items())
    label = {"label": test.slots["name"]} if "name" in test.slots else {}
    return ((Step("start_timer", (), {"seconds": seconds, **label}),),)


def _timer(function: str) -> Callable[[_Test, str], tuple[Meaning, ...]]:
    """A timer is told by its label; by the room or the length that it was given, these words are the label."""

    def right(test: _Test, _words: str) -> tuple[Meaning, ...]:
        said = [test.slots[slot] for slot in ("name", "area") if slot in test.slots]
        for unit in ("hour", "minute", "second"):
            if f"start_{unit}s" in test.slots:
                said += [f"{test.slots[f'start_{unit}s']} {word}" for word in (unit, f"{unit}s")]
        if not said:
            return ((Step(function),),)
        labels = [label for word in said for label in (word, f"{word} timer")]
        return tuple((Step(function, (), {"label": label}),) for label in labels)

    return right


def _added(test: _Test, _words: str) -> tuple[Meaning, ...]:
    return ((Step("add_to_list", (), {"item": test.slots["item"], "list": "shopping"}),),)


def _cleans(test: _Test, _words: str) -> tuple[Meaning, ...]:
    return ((Step("start_vacuum", test.ids("vacuum")),), "ask", "none")


def _docks(test: _Test, _words: str) -> tuple[Meaning, ...]:
    return ((Step("return_vacuum", test.ids(test.named_kind())),),)


_MEANINGS: Mapping[str, Callable[[_Test, str], tuple[Meaning, ...]]] = {
    "HassTurnOn": lambda test, words: _turned(test, words, 0),
    "HassTurnOff": lambda test, words: _turned(test, words, 1),
    "HassLightSet": _set("set_light", "light", brightness="brightness", color="color", temperature="color_temp"),
    "HassFanSetSpeed": _set("set_fan", "fan", percentage="percentage"),
    "HassSetPosition": _set("set_position", "cover", position="position"),
    "HassClimateSetTemperature": _set("set_temperature", "climate", temperature="temperature"),
    "HassSetVolume": _set("set_volume", "media_player", volume_level="volume"),
    "HassSetVolumeRelative": _louder,
    "HassMediaPlayerUnmute": _unmute,
    "HassClimateGetTemperature": _temperature,
    "HassGetState": _state,
    "HassStartTimer": _started,
    "HassCancelTimer": _timer("cancel_timer"),
    "HassCancelAllTimers": _timer("cancel_timer"),
    "HassTimerStatus": _timer("timer_status"),
    "HassShoppingListAddItem": _added,
    "HassVacuumCleanArea": _cleans,
    "HassVacuumReturnToBase": _docks,
    "HassLawnMowerDock": _docks,
    **dict.fromkeys(_MEDIA, _media),
}
_PLAYERS = frozenset({*_MEDIA, "HassSetVolume", "HassSetVolumeRelative", "HassMediaPlayerUnmute"})
