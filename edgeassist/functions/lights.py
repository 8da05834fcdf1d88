"""set_light: brightness, steps of brightness, colour, colour temperature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.errors import CommandError
from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function, Part, can
from .colors import CSS_COLORS
from .slots import KELVIN, PERCENT, Words

#: What a step means when no amount was said.
DEFAULT_STEP = 20
_LOWEST = 1


def _change(device: Device, arguments: Mapping[str, Any], state: State) -> dict[str, Value]:
    change: dict[str, Value] = {}
    if "brightness" in arguments:
        change["brightness"] = float(arguments["brightness"])
    if "brightness_step" in arguments:
        change["brightness"] = _stepped(arguments["brightness_step"], state)
    if "color" in arguments:
        change["color"] = CSS_COLORS[arguments["color"]]
    if "color_temp" in arguments:
        change["color_temp"] = float(arguments["color_temp"])
    for wanted in change:
        if wanted not in device.capabilities:
            raise CommandError(f"{device.name} has no {wanted.replace('_', ' ')}")
    if change.get("brightness") == 0:
        return {"power": "off"}
    return change


def _stepped(step: float, state: State) -> float:
    if state.get("power") == "off":
        now = 0.0
    else:
        known = state.get("brightness")
        now = float(known) if isinstance(known, int | float) else 50.0
    return min(100.0, max(float(_LOWEST), now + step))


_COLORS = Words({name: name for name in CSS_COLORS})
_UP = Part("brightness_step", PERCENT, optional=True, default=DEFAULT_STEP)
_DOWN = Part("brightness_step", PERCENT, optional=True, default=DEFAULT_STEP, sign=-1)

FUNCTIONS = (
    Function(
        "set_light",
        "brightness, colour and colour temperature of lights",
        (
            Form("brightness", "place", (Part("brightness", PERCENT),), needs=can("brightness")),
            Form("brighter", "place", (_UP,), needs=can("brightness")),
            Form("darker", "place", (_DOWN,), needs=can("brightness")),
            Form("color", "place", (Part("color", _COLORS),), needs=can("color")),
            Form("white", "place", (Part("color_temp", KELVIN),), needs=can("color_temp")),
        ),
        frozenset({"light"}),
        _change,
        idempotent=lambda arguments: "brightness_step" not in arguments,
    ),
)
