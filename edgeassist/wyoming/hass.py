"""Calls of the contract as Home Assistant's intents.

The lock trap: in Home Assistant HassTurnOn on a lock locks it, and HassTurnOff unlocks it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from edgeassist.messages import Call

Slots = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HassIntent:
    name: str
    slots: Mapping[str, Any]


def hass_intent(call: Call) -> HassIntent | None:
    """The intent that does the same; None where Home Assistant has none."""
    translate = _TRANSLATIONS.get(call.name)
    found = translate(dict(call.arguments)) if translate is not None else None
    if found is None:
        return None
    name, slots = found
    return HassIntent(name, {**_target(call.arguments), **slots})


def _target(arguments: Mapping[str, Any]) -> Slots:
    slots = {slot: arguments[slot] for slot in ("name", "area", "floor") if slot in arguments}
    if "kind" in arguments:
        slots["domain"] = arguments["kind"]
    return slots


def _plain(name: str, **slots: Any) -> Callable[[Slots], tuple[str, Slots]]:
    return lambda _arguments: (name, dict(slots))


def _light(arguments: Slots) -> tuple[str, Slots] | None:
    if "brightness_step" in arguments:
        return None
    renamed = {"brightness": "brightness", "color": "color", "color_temp": "temperature"}
    return "HassLightSet", {renamed[key]: value for key, value in arguments.items() if key in renamed}


def _needs(name: str, **renamed: str) -> Callable[[Slots], tuple[str, Slots] | None]:
    """An intent with these slots from these arguments, all of which must be there."""

    def translate(arguments: Slots) -> tuple[str, Slots] | None:
        if not all(argument in arguments for argument in renamed.values()):
            return None
        return name, {slot: arguments[argument] for slot, argument in renamed.items()}

    return translate


def _temperature(arguments: Slots) -> tuple[str, Slots] | None:
    if "mode" in arguments:
        return None
    return _needs("HassClimateSetTemperature", temperature="temperature")(arguments)


def _volume(arguments: Slots) -> tuple[str, Slots] | None:
    if "muted" in arguments:
        return "HassMediaPlayerMute" if arguments["muted"] else "HassMediaPlayerUnmute", {}
    if "volume_step" in arguments:
        return "HassSetVolumeRelative", {"volume_step": arguments["volume_step"]}
    return _needs("HassSetVolume", volume_level="volume")(arguments)


def _start_timer(arguments: Slots) -> tuple[str, Slots]:
    minutes, seconds = divmod(int(arguments["seconds"]), 60)
    hours, minutes = divmod(minutes, 60)
    parts = {"hours": hours, "minutes": minutes, "seconds": seconds}
    return "HassStartTimer", {name: value for name, value in parts.items() if value} | _label(arguments)


def _label(arguments: Slots) -> Slots:
    return {"name": arguments["label"]} if arguments.get("label") else {}


def _list(arguments: Slots) -> tuple[str, Slots]:
    if arguments.get("list") == "shopping":
        return "HassShoppingListAddItem", {"item": arguments["item"]}
    return "HassListAddItem", {"item": arguments["item"], "name": arguments["list"]}


_TRANSLATIONS: Mapping[str, Callable[[Slots], tuple[str, Slots] | None]] = {
    "turn_on": _plain("HassTurnOn"),
    "turn_off": _plain("HassTurnOff"),
    "toggle": _plain("HassToggle"),
    "set_light": _light,
    # On covers and valves TurnOn is open.
    "open": lambda arguments: ("HassTurnOn", {} if "kind" in arguments or "name" in arguments else {"domain": "cover"}),
    "close": lambda arguments: (
        "HassTurnOff",
        {} if "kind" in arguments or "name" in arguments else {"domain": "cover"},
    ),
    "stop": _plain("HassStopMoving"),
    "set_position": _needs("HassSetPosition", position="position"),
    "lock": _plain("HassTurnOn", domain="lock"),
    "unlock": _plain("HassTurnOff", domain="lock"),
    "set_temperature": _temperature,
    "set_fan": _needs("HassFanSetSpeed", percentage="percentage"),
    "media_play": _plain("HassMediaUnpause"),
    "media_pause": _plain("HassMediaPause"),
    "media_next": _plain("HassMediaNext"),
    "media_previous": _plain("HassMediaPrevious"),
    "set_volume": _volume,
    "start_vacuum": _plain("HassVacuumStart"),
    "return_vacuum": _plain("HassVacuumReturnToBase"),
    "activate": lambda arguments: ("HassTurnOn", {} if "kind" in arguments else {"domain": "scene"}),
    "get_state": _plain("HassGetState"),
    "start_timer": _start_timer,
    "cancel_timer": lambda arguments: ("HassCancelTimer", _label(arguments)),
    "timer_status": lambda arguments: ("HassTimerStatus", _label(arguments)),
    "add_to_list": _list,
}
