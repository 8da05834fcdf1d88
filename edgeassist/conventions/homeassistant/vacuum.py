"""Vacuum cleaners and lawn mowers: they go out, and come home."""

from __future__ import annotations

from collections.abc import Mapping

from edgeassist.conventions.driver import Change, unsupported
from edgeassist.conventions.payload import mapping, number, parse
from edgeassist.home.device import State
from edgeassist.messages import Publish, Value

from .entity import Built, Entity

_START = {"cleaning", "mowing"}
_HOME = {"docked", "returning"}
_VACUUM_PAYLOADS = {"start": "start", "return_to_base": "return_to_base", "pause": "pause", "stop": "stop"}
_ACTIVITIES = {"cleaning", "docked", "paused", "idle", "returning", "error", "mowing"}


def wanted_activity(change: Change) -> str:
    """``start``, ``return_to_base``, ``pause`` or ``stop``. Raises CommandError for anything else."""
    activity = change.get("activity", {"on": "cleaning", "off": "docked"}.get(str(change.get("power"))))
    if activity in _START:
        return "start"
    if activity in _HOME:
        return "return_to_base"
    if activity == "paused":
        return "pause"
    if change.get("do") == "stop" or activity == "idle":
        return "stop"
    raise unsupported(change)


def vacuum(entity: Entity) -> Built:
    def encode(change: Change, _state: State) -> list[Publish]:
        wanted = wanted_activity(change)
        return [entity.send("command_topic", entity.text(f"payload_{wanted}", _VACUUM_PAYLOADS[wanted]))]

    return Built(tuple(entity.reader("state_topic", _read_vacuum, "value_template")), encode)


def _read_vacuum(shown: str) -> Mapping[str, Value]:
    report = mapping(parse(shown)) if shown.startswith("{") else {"state": shown}
    found: dict[str, Value] = {}
    if str(report.get("state")) in _ACTIVITIES:
        found["activity"] = str(report["state"])
    if report.get("battery_level") is not None:
        found["battery"] = number(report["battery_level"])
    return found


def lawn_mower(entity: Entity) -> Built:
    topics = {"start": "start_mowing", "return_to_base": "dock", "pause": "pause", "stop": "pause"}

    def encode(change: Change, _state: State) -> list[Publish]:
        action = topics[wanted_activity(change)]
        return [entity.send(f"{action}_command_topic", action, f"{action}_command_template")]

    readers = entity.reader("activity_state_topic", _read_vacuum, "activity_value_template", "value_template")
    return Built(tuple(readers), encode)
