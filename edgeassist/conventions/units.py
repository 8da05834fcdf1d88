"""Between the scales of devices and the normalised units of :mod:`edgeassist.home.device`."""

from __future__ import annotations

import colorsys

from edgeassist.messages import Value

from .payload import number

Rgb = tuple[int, int, int]

MIRED_KELVIN = 1_000_000
_COLOR_TEMPERATURE = (1000.0, 40_000.0)


def clamp(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def percent(value: object, low: float = 0, high: float = 100) -> float:
    """A device's value between ``low`` and ``high`` (which may be the smaller) as whole percent.

    Never 0 for a value that is not quite ``low``: a lamp at 1 of 255 is on.
    """
    if low == high:
        raise ValueError("a scale of no length")
    share = (number(value) - low) / (high - low) * 100
    return clamp(round(share) or (1 if share > 0 else 0), 0, 100)


def from_percent(value: Value, low: float = 0, high: float = 100) -> int:
    """Percent as a whole number between ``low`` and ``high``; more than 0 % is never written as ``low``."""
    share = clamp(number(value), 0, 100) / 100
    scaled = round(low + share * (high - low))
    if share > 0 and scaled == round(low):
        scaled += 1 if high > low else -1
    return scaled


def kelvin(mired: object) -> float:
    """Raises ValueError for a colour temperature that no lamp has."""
    value = number(mired)
    if value <= 0:
        raise ValueError(f"{value} mired is no colour temperature")
    return checked_kelvin(round(MIRED_KELVIN / value))


def checked_kelvin(value: object) -> float:
    result = number(value)
    if not _COLOR_TEMPERATURE[0] <= result <= _COLOR_TEMPERATURE[1]:
        raise ValueError(f"{result} K is no colour temperature")
    return round(result)


def mired(value: Value) -> int:
    return round(MIRED_KELVIN / clamp(number(value), *_COLOR_TEMPERATURE))


def celsius(value: object, unit: str) -> float:
    degrees = number(value)
    return round((degrees - 32) * 5 / 9, 2) if unit == "F" else degrees


def from_celsius(value: Value, unit: str) -> float:
    degrees = number(value)
    return round(degrees * 9 / 5 + 32, 1) if unit == "F" else degrees


def rgb(value: object) -> Rgb:
    """Three numbers from 0 to 255. Raises ValueError for anything else."""
    if not isinstance(value, (tuple, list)) or len(value) < 3:
        raise ValueError("a colour has three numbers")
    red, green, blue = (round(clamp(number(part), 0, 255)) for part in value[:3])
    return red, green, blue


def brightest(color: Rgb) -> Rgb:
    """The same hue and saturation at full value, since brightness is a property of its own."""
    top = max(color)
    return color if top in {0, 255} else rgb([part * 255 / top for part in color])


def hs(color: Rgb) -> tuple[float, float]:
    """Hue 0-360 and saturation 0-100."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in color))
    return round(hue * 360, 2), round(saturation * 100, 2)


def from_hs(hue: object, saturation: object) -> Rgb:
    parts = colorsys.hsv_to_rgb(number(hue) % 360 / 360, clamp(number(saturation), 0, 100) / 100, 1)
    return rgb([part * 255 for part in parts])


def xy(color: Rgb) -> tuple[float, float]:
    """CIE 1931 chromaticity, through linear sRGB and the D65 white point."""
    red, green, blue = (_linear(part / 255) for part in color)
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    total = x + y + z
    return (round(x / total, 4), round(y / total, 4)) if total else (0.3127, 0.329)


def from_xy(x: object, y: object) -> Rgb:
    """The colour of that chromaticity at full value."""
    cx, cy = number(x), number(y)
    if not (0 <= cx <= 1 and 0 < cy <= 1):
        raise ValueError(f"({cx}, {cy}) is no chromaticity")
    big_x, big_z = cx / cy, (1 - cx - cy) / cy
    linear = (
        3.2406 * big_x - 1.5372 - 0.4986 * big_z,
        -0.9689 * big_x + 1.8758 + 0.0415 * big_z,
        0.0557 * big_x - 0.2040 + 1.0570 * big_z,
    )
    top = max(*linear, 1e-6)
    return rgb([_gamma(max(part, 0) / top) * 255 for part in linear])


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)
