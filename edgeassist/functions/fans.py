"""set_fan: speed in percent, and steps of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function, Part, can
from .slots import PERCENT

DEFAULT_STEP = 25


def _change(_device: Device, arguments: Mapping[str, Any], state: State) -> dict[str, Value]:
    if "percentage" in arguments:
        wanted = float(arguments["percentage"])
    else:
        known = state.get("percentage")
        now = float(known) if isinstance(known, int | float) and state.get("power") != "off" else 0.0
        wanted = min(100.0, max(0.0, now + float(arguments["percentage_step"])))
    return {"percentage": wanted} if wanted else {"power": "off"}


_NEEDS = can("percentage")
_UP = Part("percentage_step", PERCENT, optional=True, default=DEFAULT_STEP)
_DOWN = Part("percentage_step", PERCENT, optional=True, default=DEFAULT_STEP, sign=-1)

FUNCTIONS = (
    Function(
        "set_fan",
        "speed of fans",
        (
            Form("speed", "place", (Part("percentage", PERCENT),), needs=_NEEDS),
            Form("faster", "place", (_UP,), needs=_NEEDS),
            Form("slower", "place", (_DOWN,), needs=_NEEDS),
        ),
        frozenset({"fan"}),
        _change,
        idempotent=lambda arguments: "percentage_step" not in arguments,
    ),
)
