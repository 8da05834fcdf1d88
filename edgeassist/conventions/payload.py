"""Payloads of peers, read without trust: whatever is wrong with one, ValueError is what comes out."""

from __future__ import annotations

import json
import math
import re

from edgeassist.bus.topics import catches_reserved, is_reserved
from edgeassist.text import sanitise

#: Announcements of a large Zigbee network reach some hundred kilobytes; nothing honest is larger than this.
MAX_ANNOUNCEMENT = 4 * 1024 * 1024
#: A state report is small.
MAX_REPORT = 64 * 1024
MAX_TOPIC = 1024

_SLUG = re.compile(r"[^a-z0-9]+")


def text(payload: bytes, limit: int = MAX_REPORT) -> str:
    """The payload as text. Raises ValueError when it is too long or not UTF-8."""
    if len(payload) > limit:
        raise ValueError(f"payload of {len(payload)} bytes is longer than {limit}")
    return payload.decode("utf-8")


def parse(document: str) -> object:
    """The JSON document. Raises ValueError also for NaN, infinities and nesting too deep to read."""
    try:
        return json.loads(document, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None


def mapping(value: object, what: str = "payload") -> dict[str, object]:
    """The value as a JSON object. Raises ValueError when it is something else."""
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not a JSON object")  # noqa: TRY004 peers are wrong by value
    return value


def items(value: object, what: str = "value") -> list[object]:
    """The value as a JSON array; nothing for null. Raises ValueError when it is something else."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{what} is not a JSON array")  # noqa: TRY004 peers are wrong by value
    return value


def number(value: object) -> float:
    """The value as a finite number; whole ones are exact. Raises ValueError for text that is none, and for booleans."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{_shown(value)} is not a number")  # noqa: TRY004 peers are wrong by value
    try:
        result = float(value)
    except (ValueError, OverflowError):
        raise ValueError(f"{_shown(value)} is not a number") from None
    if not math.isfinite(result):
        raise ValueError(f"{_shown(value)} is not a finite number")
    return result


def whole(value: float) -> float:
    """Whole numbers as int, so that they are written without a decimal point."""
    return int(value) if float(value).is_integer() else value


def read_value(shown: str) -> str | float:
    """A number when it is one, else text that is safe to show."""
    try:
        return whole(number(shown))
    except ValueError:
        return sanitise(shown)


def topic_name(value: object) -> str:
    """The value as a topic to publish on. Raises ValueError for wildcards, control characters and over-long ones."""
    if not isinstance(value, str) or not value or len(value) > MAX_TOPIC:
        raise ValueError(f"{_shown(value)} is not a topic")
    if any(mark in value for mark in "+#") or not value.isprintable():
        raise ValueError(f"{_shown(value)} is not a topic without wildcards")
    if is_reserved(value):
        # A lamp whose "on" is a yes to a question of ours.
        raise ValueError(f"{_shown(value)} is not a device's topic but the broker's or edgeassist's own")
    return value


def topic_filter(value: object) -> str:
    """The value as a topic to listen to. Levels may be ``+``, where one gateway of several reports; not ``#``."""
    if not isinstance(value, str) or "+" not in value:
        return topic_name(value)
    levels = value.split("/")
    topic_name("/".join("x" if level == "+" else level for level in levels))
    if catches_reserved(value) or set(levels) == {"+"}:
        raise ValueError(f"{_shown(value)} catches more than a device's own topics")
    return value


def slug(value: str, limit: int = 80) -> str:
    """Lower-case letters, digits and underscores, for an id; empty when nothing is left."""
    return _SLUG.sub("_", value.lower()).strip("_")[:limit]


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _shown(value: object) -> str:
    return repr(value)[:60]
