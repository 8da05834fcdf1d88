"""turn_on, turn_off, toggle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function, Risk, has

SWITCHABLE = frozenset(
    {"light", "switch", "fan", "media_player", "humidifier", "climate", "siren", "alarm_control_panel"}
)


def _risk(device: Device | None) -> Risk:
    return "confirm" if device is not None and device.kind in {"siren", "alarm_control_panel"} else "low"


def _power(wanted: str) -> Any:
    def change(device: Device, _arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
        if device.kind == "alarm_control_panel":
            return {"armed": "armed_away" if wanted == "on" else "disarmed"}
        return {"power": wanted}

    return change


def _toggle(_device: Device, _arguments: Mapping[str, Any], state: State) -> dict[str, Value]:
    power = state.get("power")
    if power in {"on", "off"}:
        return {"power": "off" if power == "on" else "on"}
    return {"do": "toggle"}


FUNCTIONS = (
    Function(
        "turn_on", "switch devices on", (Form("on", "noun", needs=has("power")),), SWITCHABLE, _power("on"), _risk
    ),
    Function(
        "turn_off", "switch devices off", (Form("off", "noun", needs=has("power")),), SWITCHABLE, _power("off"), _risk
    ),
    Function(
        "toggle",
        "switch devices to the other state",
        (Form("toggle", "noun", needs=has("power")),),
        SWITCHABLE - {"climate", "alarm_control_panel"},
        _toggle,
        _risk,
        idempotent=lambda _arguments: False,
    ),
)
