"""Which timer is meant: "the 5 minute timer" and "the kitchen timer" have names, whether the model says so or not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from .syntax import Reading

_LENGTH = r"(\d+ (?:hour|minute|second)s?(?: (?:and )?\d+ (?:minute|second)s?)*)"
_BY_LENGTH = re.compile(rf"\b{_LENGTH} timers?\b|\btimers? (?:for|of) {_LENGTH}$")
_ABOUT_TIMERS = frozenset({"cancel_timer", "timer_status"})


def with_names(readings: Iterable[Reading], text: str, places: Collection[str]) -> tuple[Reading, ...]:
    """The readings of a (normalised) text; one about timers without a label gets the length or place that was said."""
    readings = tuple(readings)
    if not any(map(_is_nameless, readings)) or (name := _length(text) or _place(text, places)) is None:
        return readings
    return tuple(replace(reading, values=(name,)) if _is_nameless(reading) else reading for reading in readings)


def _is_nameless(reading: Reading) -> bool:
    return reading.function.name in _ABOUT_TIMERS and reading.values == (None,)


def _length(text: str) -> str | None:
    said = _BY_LENGTH.search(text)
    return (said[1] or said[2]) if said else None


def _place(text: str, places: Collection[str]) -> str | None:
    said = re.sub(r"\b(timers?) (?:in|for|from) (?:the |my |our )?", r"\1 ", f" {text} ")
    found = [
        place for place in places if re.search(rf" {re.escape(place)} timers? | timers? {re.escape(place)} ", said)
    ]
    return max(found, key=len, default=None)
