"""set_temperature: set point, steps, mode. Arguments are in the home's unit, properties in degrees Celsius."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.errors import CommandError
from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function, Part, can
from .slots import DEGREES, Words

MODES = ("heat", "cool", "auto", "off", "dry", "fan_only", "heat_cool")
DEFAULT_STEP = 1
_FALLBACK_SETPOINT = 20.0


def _change(device: Device, arguments: Mapping[str, Any], state: State) -> dict[str, Value]:
    change: dict[str, Value] = {}
    if "temperature" in arguments:
        change["temperature"] = float(arguments["temperature"])
    if "temperature_step" in arguments:
        known = state.get("temperature")
        now = float(known) if isinstance(known, int | float) else _FALLBACK_SETPOINT
        change["temperature"] = now + float(arguments["temperature_step"])
    if "mode" in arguments:
        if device.modes and arguments["mode"] not in device.modes:
            raise CommandError(f"{device.name} has no mode {arguments['mode']!r}; it has {', '.join(device.modes)}")
        change["mode"] = arguments["mode"]
    return change


_UP = Part("temperature_step", DEGREES, optional=True, default=DEFAULT_STEP)
_DOWN = Part("temperature_step", DEGREES, optional=True, default=DEFAULT_STEP, sign=-1)

FUNCTIONS = (
    Function(
        "set_temperature",
        "set point and mode of heating and cooling",
        (
            Form("temperature", "place", (Part("temperature", DEGREES),), needs=can("temperature")),
            Form("warmer", "place", (_UP,), needs=can("temperature")),
            Form("cooler", "place", (_DOWN,), needs=can("temperature")),
            Form(
                "mode",
                "place",
                (Part("mode", Words({mode.replace("_", ""): mode for mode in MODES})),),
                needs=can("mode"),
            ),
        ),
        frozenset({"climate"}),
        _change,
        idempotent=lambda arguments: "temperature_step" not in arguments,
    ),
)
