"""start_vacuum and return_vacuum: robots that clean and mow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function

_ROBOTS = frozenset({"vacuum", "lawn_mower"})


def _start(device: Device, _arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
    return {"activity": "cleaning" if device.kind == "vacuum" else "mowing"}


def _return(device: Device, _arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
    return {"activity": "returning" if device.kind == "vacuum" else "docked"}


FUNCTIONS = (
    Function("start_vacuum", "start cleaning or mowing", (Form("clean", "noun"),), _ROBOTS, _start),
    Function("return_vacuum", "send a robot back to its dock", (Form("dock", "noun"),), _ROBOTS, _return),
)
