"""What every simulated product has: announcements, topics on which it takes commands, and reports.

Scales are converted here by arithmetic of its own, not by that of the conventions, so that each checks the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from edgeassist.messages import Value

Config = dict[str, object]
Messages = list[tuple[str, str]]
ON_OFF: Mapping[str, Value] = {"ON": "on", "OFF": "off"}


class Simulated:
    """One product. ``state`` holds its normalised properties; subclasses fill ``commands``."""

    def __init__(self, device_id: str, topic: str, config: Mapping[str, object], state: Mapping[str, Value]) -> None:
        self.device_id = device_id
        self.announcements: dict[str, Config] = {topic: dict(config)} if topic else {}
        self.state: dict[str, Value] = dict(state)
        self.commands: dict[str, Callable[[str], None]] = {}
        self.pressed = 0
        #: Availability topics of this product, with what they say while it is there and when it is gone.
        self.availability: dict[str, tuple[str, str]] = {}

    def handle(self, topic: str, payload: str) -> Messages:
        """Obey, and report. A payload that the product does not understand changes nothing, as with real ones."""
        try:
            self.commands[topic](payload)
        except (ValueError, KeyError, TypeError):
            return []
        return self.reports()

    def reports(self) -> Messages:
        """What its state topics say now."""
        return []


def json_of(report: Mapping[str, object]) -> str:
    return json.dumps({key: value for key, value in report.items() if value is not None})


def scaled(percent: Value, top: int) -> int:
    return int(float(str(percent)) * top / 100 + 0.5)


def unscaled(value: object, top: int) -> float:
    percent = float(str(value)) * 100 / top
    if not 0 <= percent <= 100:
        raise ValueError("out of range")
    return int(percent + 0.5)


def found(table: Mapping[str, Value], payload: str) -> Value:
    """The value of that payload. Raises ValueError for one that the product does not know."""
    if payload not in table:
        raise ValueError(payload)
    return table[payload]
