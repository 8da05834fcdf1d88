"""lock and unlock. There is no on and off for a lock: projects disagree on which of them is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgeassist.home import Device, State
from edgeassist.messages import Value

from .base import Form, Function


def _lock(_device: Device, _arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
    return {"lock": "locked"}


def _unlock(_device: Device, _arguments: Mapping[str, Any], _state: State) -> dict[str, Value]:
    return {"lock": "unlocked"}


FUNCTIONS = (
    Function("lock", "lock doors", (Form("lock", "place"),), frozenset({"lock"}), _lock),
    Function(
        "unlock", "unlock doors", (Form("unlock", "place"),), frozenset({"lock"}), _unlock, lambda _device: "confirm"
    ),
)
