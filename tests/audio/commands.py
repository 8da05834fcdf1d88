"""Sixty spoken commands in a home of thirty devices, and what each must lead to.

An effect is ``function: Device, Device key=value``, several divided by ``;``. Only arguments that are
named are compared.
"""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from edgeassist.conventions import load
from edgeassist.home import Home
from edgeassist.home.registry import HomeRegistry
from edgeassist.home.toml import load_home
from edgeassist.simulate.catalogue import HOME_TOML, products

#: The simulated home has no second lock, no gate, and no name that no dictionary has.
MORE = """
[[device]]
id = "lock.back_door"
name = "Back Door"
kind = "lock"
area = "Kitchen"
command_topic = "more/back_door/set"
[device.send]
lock = { locked = "LOCK", unlocked = "UNLOCK" }

[[device]]
id = "cover.driveway_gate"
name = "Driveway Gate"
kind = "cover"
device_class = "gate"
area = "Garden"
command_topic = "more/gate/set"
[device.send]
opening = { open = "OPEN", closed = "CLOSE" }
stop = { payload = "STOP" }

[[device]]
id = "switch.roomba_plug"
name = "Roomba Plug"
kind = "switch"
area = "Living Room"
command_topic = "more/plug/set"
[device.send]
power = { on = "on", off = "off" }
"""
SPOKEN_TOML = HOME_TOML + MORE
#: What nobody may do by mishearing.
GUARDED = ("Front Door", "Back Door", "Garage Door", "Driveway Gate", "Hall Siren")
COMMANDS: tuple[tuple[str, str], ...] = (
    ("turn on the bathroom light", "turn_on: Bathroom Light"),
    ("turn off the kitchen counter", "turn_off: Kitchen Counter"),
    ("switch on the hall light", "turn_on: Hall Light"),
    ("switch the bedroom lamp off", "turn_off: Bedroom Lamp"),
    ("turn the reading lamp on", "turn_on: Living Room Lamp"),
    ("turn on the kitchen lights", "turn_on: Kitchen Ceiling, Kitchen Counter"),
    ("turn off the lights in the living room", "turn_off: Living Room Lamp"),
    (
        "turn off all the lights",
        "turn_off: Bathroom Light, Bedroom Lamp, Hall Light, Kitchen Ceiling, Kitchen Counter, Living Room Lamp",
    ),
    ("dim the living room lamp to thirty percent", "set_light: Living Room Lamp brightness=30"),
    ("set the bedroom lamp to fifty percent", "set_light: Bedroom Lamp brightness=50"),
    ("set the kitchen counter to eighty percent", "set_light: Kitchen Counter brightness=80"),
    ("make the bedroom lamp red", "set_light: Bedroom Lamp color=red"),
    ("make the living room lamp brighter", "set_light: Living Room Lamp"),
    ("set the kitchen ceiling to ten percent", "set_light: Kitchen Ceiling brightness=10"),
    ("turn the bedroom lamp blue", "set_light: Bedroom Lamp color=blue"),
    ("open the living room blinds", "open: Living Room Blinds"),
    ("close the bedroom curtains", "close: Bedroom Curtains"),
    ("open the office shutter", "open: Office Shutter"),
    ("close the blinds in the living room", "close: Living Room Blinds"),
    ("set the living room blinds to forty percent", "set_position: Living Room Blinds position=40"),
    ("stop the living room blinds", "stop: Living Room Blinds"),
    ("open the garage door", "open: Garage Door"),
    ("close the garage door", "close: Garage Door"),
    ("lock the front door", "lock: Front Door"),
    ("unlock the front door", "unlock: Front Door"),
    ("lock the back door", "lock: Back Door"),
    ("unlock the back door", "unlock: Back Door"),
    ("open the driveway gate", "open: Driveway Gate"),
    ("close the driveway gate", "close: Driveway Gate"),
    ("is the front door locked", "get_state: Front Door"),
    ("is the garage door open", "get_state: Garage Door"),
    ("set the living room heating to twenty one degrees", "set_temperature: Living Room Thermostat temperature=21"),
    ("set the thermostat to nineteen degrees", "set_temperature: Living Room Thermostat temperature=19"),
    ("what is the temperature in the bathroom", "get_state: Bathroom Climate"),
    ("what's the temperature in the garden", "get_state: Garden Weather"),
    ("turn on the bedroom fan", "turn_on: Bedroom Fan"),
    ("set the bedroom fan to sixty percent", "set_fan: Bedroom Fan percentage=60"),
    ("turn off the fan", "turn_off: Bedroom Fan"),
    ("pause the television", "media_pause: TV"),
    ("turn off the tv", "turn_off: TV"),
    ("mute the television", "set_volume: TV muted=True"),
    ("set the volume to twenty percent", "set_volume: TV volume=20"),
    ("turn on the television", "turn_on: TV"),
    ("turn the roomba plug off", "turn_off: Roomba Plug"),
    ("start the vacuum", "start_vacuum: Vacuum"),
    ("send the vacuum home", "return_vacuum: Vacuum"),
    ("activate movie night", "activate: Movie Night"),
    ("run the good night scene", "activate: Good Night"),
    ("turn on the siren", "turn_on: Hall Siren"),
    ("turn off the hall siren", "turn_off: Hall Siren"),
    ("turn on the office heater", "turn_on: Office Heater"),
    ("turn off the coffee machine", "turn_off: Kitchen Coffee Machine"),
    ("open the sprinkler", "open: Sprinkler"),
    ("close the sprinkler", "close: Sprinkler"),
    ("set a timer for ten minutes", "start_timer seconds=600"),
    ("set a timer for thirty seconds", "start_timer seconds=30"),
    ("cancel the timer", "cancel_timer"),
    ("please turn off the bathroom light", "turn_off: Bathroom Light"),
    ("turn on the bedroom lamp and close the bedroom curtains", "turn_on: Bedroom Lamp; close: Bedroom Curtains"),
    ("could you turn on the coffee machine please", "turn_on: Kitchen Coffee Machine"),
)


@cache
def large_home() -> Home:
    """That home as its announcements describe it, without a broker."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "home.toml")
        path.write_text(SPOKEN_TOML)
        declared = load_home(path)
    registry = HomeRegistry(load(declared.unit), declared)
    for product in products():
        for topic, config in product.announcements.items():
            registry.announce(topic, json.dumps(config).encode())
    return registry.snapshot()


def guarded_ids() -> frozenset[str]:
    return frozenset(device.id for device in large_home().devices if device.name in GUARDED)


def has_effect(calls: list[dict[str, Any]], effect: str) -> bool:
    """Whether the calls of a result are just those of an effect; how they are grouped does not matter."""
    wanted = [_parse(part) for part in effect.split("; ")]
    found: list[tuple[str, frozenset[str], dict[str, str]]] = []
    for call in calls:
        entry = (call["name"], frozenset(call["targets"]), {k: _plain(v) for k, v in call["arguments"].items()})
        if found and found[-1][0] == entry[0] and entry[1]:
            entry = (entry[0], found.pop()[1] | entry[1], entry[2])
        found.append(entry)
    return len(found) == len(wanted) and all(
        have[0] == want[0] and have[1] == want[1] and want[2].items() <= have[2].items()
        for have, want in zip(found, wanted, strict=True)
    )


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _parse(part: str) -> tuple[str, frozenset[str], dict[str, str]]:
    ids = {device.name: device.id for device in large_home().devices}
    words = part.split(" ")
    arguments = dict(word.split("=") for word in words if "=" in word)
    function, _, names = " ".join(word for word in words if "=" not in word).partition(": ")
    return function, frozenset(ids[name] for name in names.split(", ") if name), arguments
