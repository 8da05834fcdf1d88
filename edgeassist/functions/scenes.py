"""activate: scenes, scripts and buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function


def _press(_device: Device, _arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
    return {"do": "press"}


FUNCTIONS = (
    Function(
        "activate",
        "run a scene, a script or a button",
        (Form("run", "named"),),
        frozenset({"scene", "button"}),
        _press,
        idempotent=lambda _arguments: False,
    ),
)
