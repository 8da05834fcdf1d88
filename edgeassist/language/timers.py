"""Which timer is meant: "cancel the 5 minute timer" names one by its length, whether the model says so or not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from .syntax import Reading

_LENGTH = r"(\d+ (?:hour|minute|second)s?(?: (?:and )?\d+ (?:minute|second)s?)*)"
_BY_LENGTH = re.compile(rf"\b{_LENGTH} timers?\b|\btimers? (?:for|of) {_LENGTH}$")
_ABOUT_TIMERS = frozenset({"cancel_timer", "timer_status"})


def with_lengths(readings: Iterable[Reading], text: str) -> tuple[Reading, ...]:
    """The readings of a (normalised) text; one about timers without a label gets the length that was said."""
    said = _BY_LENGTH.search(text)
    if said is None:
        return tuple(readings)
    return tuple(
        replace(reading, values=(said[1] or said[2],))
        if reading.function.name in _ABOUT_TIMERS and reading.values == (None,)
        else reading
        for reading in readings
    )
