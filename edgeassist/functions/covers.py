"""open, close, stop, set_position: covers and valves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function, Part, Risk, can, has
from .slots import PERCENT

MOVABLE = frozenset({"cover", "valve"})
#: Covers that let people in; never meant by "the blinds", and opened only after a confirmation.
ENTRANCES = frozenset({"garage", "gate", "door"})


def _risk(device: Device | None) -> Risk:
    return "confirm" if device is not None and device.device_class in ENTRANCES else "low"


def _moves(change: dict[str, Value]) -> Any:
    def wanted(_device: Device, _arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
        return dict(change)

    return wanted


def _position(_device: Device, arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
    return {"position": float(arguments["position"])}


FUNCTIONS = (
    Function(
        "open",
        "open covers and valves",
        (Form("open", "noun", needs=has("opening")),),
        MOVABLE,
        _moves({"opening": "open"}),
        _risk,
    ),
    Function(
        "close",
        "close covers and valves",
        (Form("close", "noun", needs=has("opening")),),
        MOVABLE,
        _moves({"opening": "closed"}),
    ),
    Function(
        "stop",
        "halt a moving cover or valve",
        (Form("stop", "noun", needs=can("stop")),),
        MOVABLE,
        _moves({"do": "stop"}),
    ),
    Function(
        "set_position",
        "move covers and valves to a position",
        (Form("position", "noun", (Part("position", PERCENT),), needs=can("position")),),
        MOVABLE,
        _position,
        _risk,
    ),
)
