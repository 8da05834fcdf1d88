"""Whether a device has become what it was told to become."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping

from edgeassist.messages import Value

from .device import State

#: What a device may be off by and still have obeyed: scales of 254 steps, mired, rounding.
_TOLERANCE = {"brightness": 1.5, "position": 3.0, "percentage": 1.5, "volume": 1.5, "temperature": 0.3, "humidity": 1.0}
_UNDER_WAY: Mapping[tuple[str, Value], frozenset[Value]] = {
    ("opening", "open"): frozenset({"open", "opening"}),
    ("opening", "closed"): frozenset({"closed", "closing"}),
    ("activity", "docked"): frozenset({"docked", "returning"}),
    ("activity", "cleaning"): frozenset({"cleaning", "mowing"}),
}
#: Commands that leave no state behind.
_NO_PROPERTY = {"do", "code"}


_OPPOSITES: Mapping[tuple[str, Value], Value] = {
    ("power", "on"): "off",
    ("power", "off"): "on",
    ("opening", "open"): "closed",
    ("opening", "opening"): "closed",
    ("opening", "closed"): "open",
    ("opening", "closing"): "open",
    ("lock", "locked"): "unlocked",
    ("lock", "unlocked"): "locked",
    ("playback", "playing"): "paused",
    ("playback", "paused"): "playing",
}


def toggle_result(state: State) -> dict[str, Value]:
    """What toggling leads to from this state; nothing when the state does not say."""
    return next(({prop: _OPPOSITES[prop, value]} for prop, value in state.items() if (prop, value) in _OPPOSITES), {})


def toggled(prop: str, state: State, first: Value) -> Value:
    """The opposite of the property's state, ``first`` when that is unknown."""
    return _OPPOSITES.get((prop, state.get(prop, "")), first)


def is_verifiable(change: Mapping[str, Value]) -> bool:
    """Whether a state could ever confirm this change."""
    return bool(change) and not change.keys() <= _NO_PROPERTY


def satisfied(change: Mapping[str, Value], state: State) -> bool:
    """Whether the state shows every wanted property, or the way to it for things that take their time."""
    if change.get("brightness") == 0 and state.get("power") == "off":
        return True
    return all(prop in _NO_PROPERTY or _same(prop, wanted, state.get(prop)) for prop, wanted in change.items())


def _same(prop: str, wanted: Value, reported: Value | None) -> bool:
    if reported is None:
        return False
    if isinstance(wanted, tuple):
        return isinstance(reported, tuple) and _same_color(wanted, reported)
    if prop == "color_temp" and isinstance(wanted, (int, float)) and isinstance(reported, (int, float)):
        return abs(wanted - reported) <= 0.02 * wanted
    if prop in _TOLERANCE and isinstance(wanted, (int, float)) and isinstance(reported, (int, float)):
        return abs(wanted - reported) <= _TOLERANCE[prop]
    return reported in _UNDER_WAY.get((prop, wanted), frozenset({wanted}))


def _same_color(wanted: tuple[int, int, int], reported: tuple[int, int, int]) -> bool:
    """The same hue and saturation, as far as a lamp's gamut allows; value is the brightness and not part of it."""
    (hue, saturation, _), (other_hue, other_saturation, _) = (_hsv(color) for color in (wanted, reported))
    apart = abs(hue - other_hue) % 1
    return abs(saturation - other_saturation) <= 0.15 and (min(apart, 1 - apart) <= 0.05 or saturation < 0.15)


def _hsv(color: tuple[int, int, int]) -> tuple[float, float, float]:
    return colorsys.rgb_to_hsv(*(part / 255 for part in color))
