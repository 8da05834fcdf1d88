"""Temperature and throttling. Read from files: the ``vcgencmd`` tool needs a device that the service may not open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FIRMWARE = "sys/devices/platform/soc/soc:firmware/get_throttled"
#: Bits of the Pi firmware's word: what holds now; 16 bits further up, what held since boot.
_FLAGS = {0: "under-voltage", 1: "frequency capped", 2: "throttled", 3: "soft temperature limit"}


@dataclass(frozen=True, slots=True)
class Heat:
    """``now`` and ``since_boot`` name the board's complaints; None where the board cannot tell."""

    temperature_c: float | None
    now: tuple[str, ...] | None
    since_boot: tuple[str, ...] | None


def read(sysroot: Path = Path("/")) -> Heat:
    word = _throttled(sysroot)
    if word is None:
        return Heat(_temperature(sysroot), None, None)
    return Heat(
        _temperature(sysroot),
        now=tuple(flag for bit, flag in _FLAGS.items() if word >> bit & 1),
        since_boot=tuple(flag for bit, flag in _FLAGS.items() if word >> bit + 16 & 1),
    )


def _temperature(sysroot: Path) -> float | None:
    """The CPU's zone where one is called so, else the hottest."""
    zones: list[tuple[bool, float]] = []
    for zone in (sysroot / "sys/class/thermal").glob("thermal_zone*"):
        value, kind = _number(zone / "temp", 10), _text(zone / "type")
        if value is not None:
            zones.append(("cpu" in kind or "soc" in kind or "x86_pkg" in kind, value / 1000))
    return max(zones)[1] if zones else None


def _throttled(sysroot: Path) -> int | None:
    word = _number(sysroot / _FIRMWARE, 16)
    if word is not None:
        return word
    for chip in (sysroot / "sys/class/hwmon").glob("hwmon*"):
        if _text(chip / "name") == "rpi_volt":
            alarm = _number(chip / "in0_lcrit_alarm", 10)
            return None if alarm is None else alarm & 1  # the driver reports under-voltage only
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _number(path: Path, base: int) -> int | None:
    try:
        return int(_text(path), base)
    except ValueError:
        return None
