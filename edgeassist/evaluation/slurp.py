"""SLURP's sentences (JSON lines with scenario and intent) as a suite: what people said to some home assistant.

The home in which they were said is unknown, so a wish for the home is put to an ordinary one that has all it speaks of,
and any of the devices and any value is right. Whatever has nothing to do with a home expects that nothing is done.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from edgeassist.errors import ConfigError
from edgeassist.functions.colors import CSS_COLORS
from edgeassist.home import Area, Device, Floor, Home
from edgeassist.home.device import Kind
from edgeassist.text import normalise_utterance

from .suite import Case, Meaning, Step, Suite

HOME = "home"
OFF_TOPIC = "offtopic"
#: Music by title is not ours, "play" alone is; so it is for lists. Nobody can say what is right for all of these.
BETWEEN = "between"
_BETWEEN = frozenset({"play", "music", "lists"})
_ROOM = "Living Room"
_ROOMS: Mapping[str, str] = {
    "Living Room": "Ground Floor",
    "Kitchen": "Ground Floor",
    "Dining Room": "Ground Floor",
    "Hallway": "Ground Floor",
    "Bathroom": "Upstairs",
    "Bedroom": "Upstairs",
    "Office": "Upstairs",
    "Kids Room": "Upstairs",
    "Guest Room": "Upstairs",
    "Closet": "Upstairs",
    "Stairs": "Ground Floor",
    "Laundry Room": "Ground Floor",
    "Garage": "Ground Floor",
    "Porch": "Ground Floor",
    "Balcony": "Upstairs",
    "Garden": "Ground Floor",
    "Basement": "Basement",
    "Attic": "Attic",
}
_ALSO: Mapping[str, tuple[str, ...]] = {
    _ROOM: ("Drawing Room", "Drawing Hall", "Den"),
    "Bedroom": ("Master Bedroom",),
    "Kids Room": ("Nursery",),
}
_FLOORS = (Floor("Ground Floor", ("downstairs",)), Floor("Upstairs"), Floor("Basement"), Floor("Attic"))
_THINGS: tuple[tuple[str, Kind, str, str], ...] = (
    *((f"{room} Light", "light", room, "brightness color color_temp") for room in _ROOMS),
    ("Desk Lamp", "light", "Office", "brightness color color_temp"),
    ("Bedside Lamp", "light", "Bedroom", "brightness color color_temp"),
    ("Table Lamp", "light", _ROOM, "brightness color color_temp"),
    ("Coffee Machine", "switch", "Kitchen", ""),
    ("Smart Socket", "switch", _ROOM, ""),
    ("Robot Vacuum", "vacuum", "Hallway", ""),
    ("Speaker", "media_player", _ROOM, "volume playback"),
    ("TV", "media_player", "Bedroom", "volume playback"),
    ("Radio", "media_player", "Kitchen", "volume playback"),
)
_ALIASES: Mapping[str, tuple[str, ...]] = {
    "Coffee Machine": ("coffee maker", "coffee pot", "coffee"),
    "Smart Socket": ("wemo", "smart plug", "plug", "wemo plug", "plug socket"),
    "Robot Vacuum": ("robot", "vacuum cleaner", "roomba", "hoover"),
    "Speaker": ("music", "sound"),
}
#: Intent -> function, kind of device, its possible arguments.
_WISHES: Mapping[str, tuple[str, Kind | None, tuple[dict[str, Any], ...]]] = {
    "iot_hue_lighton": ("turn_on", "light", ({},)),
    "iot_hue_lightoff": ("turn_off", "light", ({},)),
    "iot_hue_lightup": ("set_light", "light", ({"brightness_step": 10}, {"brightness": 80})),
    "iot_hue_lightdim": ("set_light", "light", ({"brightness_step": -10}, {"brightness": 20})),
    "iot_hue_lightchange": ("set_light", "light", ({"color": "red"}, {"color_temp": 2700}, {"brightness": 50})),
    "iot_wemo_on": ("turn_on", "switch", ({},)),
    "iot_wemo_off": ("turn_off", "switch", ({},)),
    "iot_coffee": ("turn_on", "switch", ({},)),
    "iot_cleaning": ("start_vacuum", "vacuum", ({},)),
    "audio_volume_up": ("set_volume", "media_player", ({"volume_step": 10}, {"volume": 80}, {"muted": False})),
    "audio_volume_down": ("set_volume", "media_player", ({"volume_step": -10}, {"volume": 20})),
    "audio_volume_mute": ("set_volume", "media_player", ({"muted": True}, {"volume": 0})),
    "lists_createoradd": ("add_to_list", None, ({"item": "", "list": ""},)),
}
_ADDING = frozenset({"add", "put", "include", "insert", "append", "write", "place", "with"})
#: Who says no more than this names nothing to be added.
_NOTHING = frozenset(
    "add put a an the my our another new item items thing things something entry to on onto list lists shopping grocery"
    " groceries please can could you i want need would like for me this that these those it them some do todo".split()
)
_TIMED = re.compile(
    r"\b(?:at|by) (?:\w+ )?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight)"
    r"|\b(?:every|each|tomorrow|tonight|later)\b|\bfor \w+ (?:seconds|minutes|hours?)\b|\b(?:am|pm|a m|p m|o'clock)\b"
)
#: What is added is the list itself.
_A_LIST = re.compile(
    r"\b(?:add|put up|include) (?:(?:an?|another|one more) )?(?:new )?(?!(?:to|on)\b)(?:to do |\w+ )?lists?\b"
)


def load_slurp(path: Path) -> Suite:
    """Read such a file. Raises ConfigError."""
    home = _home()
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            cases.append(_case(entry["sentence"], entry["scenario"], entry["intent"], home))
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}:{number}: no sentence of SLURP: {error}") from error
    return Suite("slurp", {home.name: home}, tuple(cases))


def _home() -> Home:
    devices = [
        Device(
            f"{kind}.{name.lower().replace(' ', '_')}",
            name,
            kind,
            area=room,
            aliases=_ALIASES.get(name, ()),
            capabilities=frozenset(able.split()),
        )
        for name, kind, room, able in _THINGS
    ]
    areas = tuple(Area(room, floor, _ALSO.get(room, ())) for room, floor in _ROOMS.items())
    return Home(tuple(devices), areas, _FLOORS, name="ordinary")


def _case(text: str, scenario: str, intent: str, home: Home) -> Case:
    # Some intents lack their scenario.
    wish = intent if intent in _WISHES else f"{scenario}_{intent}"
    if wish in _WISHES:
        return Case(home.name, text, tuple(_right(wish, text, home)), (HOME, wish), _ROOM, loose=True)
    sort = BETWEEN if scenario in _BETWEEN else OFF_TOPIC
    return Case(home.name, text, ("none", "ask"), (sort, scenario), _ROOM)


def _right(wish: str, text: str, home: Home) -> Iterable[Meaning]:
    function, kind, choices = _WISHES[wish]
    said = set(normalise_utterance(text).split())
    ids = tuple(device.id for device in home.devices if device.kind == kind)
    yield from ((Step(function, ids, arguments),) for arguments in choices)
    if wish == "iot_hue_lightchange" and not CSS_COLORS.keys() & said:
        # Into which colour was not said: nobody can do it without asking.
        yield "ask"
    if _TIMED.search(text.lower()):
        # It cannot be done at another time, and to do it now is wrong.
        yield "ask"
    if wish == "audio_volume_mute" and "off" in said:
        # "Turn off the speaker" is what it says.
        yield (Step("turn_off", ids),)
    if wish == "lists_createoradd" and (_ADDING.isdisjoint(said) or said <= _NOTHING or _A_LIST.search(text.lower())):
        # Nor was what the list is to hold.
        yield "ask"
