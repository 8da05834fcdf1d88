"""Thermostats and air conditioners: a set point or a band of two, a mode, and what they measure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from edgeassist.conventions import units
from edgeassist.conventions.driver import Change, Reader, unsupported
from edgeassist.conventions.payload import number
from edgeassist.home.device import State
from edgeassist.messages import Publish, Value

from .entity import Built, Entity, matched, measured, within

_DEFAULT_MODES = ("auto", "off", "cool", "heat", "dry", "fan_only")
#: The mode that "on" means, in this order, on a device without a power topic.
_ON_MODES = ("heat_cool", "auto", "heat", "cool")


def climate(entity: Entity) -> Built:
    driver = _Climate(entity)
    capabilities = []
    if entity.topic("temperature_command_topic") or driver.band:
        capabilities.append("temperature")
    if entity.topic("mode_command_topic"):
        capabilities.append("mode")
    modes = driver.modes if "mode" in capabilities else ()
    lacks = frozenset({"power"} if not modes and not entity.topic("power_command_topic") else ())
    readers = tuple(driver.readers())
    return Built(readers, driver.encode, capabilities, modes, attainable=driver.attainable, lacks=lacks)


class _Band:
    """Two set points in the device's unit: heat below the low one, cool above the high one."""

    #: Between the two, in degrees Celsius, where the device has not said how far they are apart.
    _WIDTH = 2.0

    def __init__(self) -> None:
        self.mode: str | None = None
        self.ends: dict[str, float] = {}

    def around(self, wanted: float, mode: Value | None, degree: float) -> dict[str, float]:
        """The ends to set for one wanted temperature: the one that the mode is about, else both around it.

        ``degree`` is how much of the device's unit a degree Celsius is.
        """
        if mode in {"heat", "cool"}:
            return {"low" if mode == "heat" else "high": wanted}
        apart = self.ends["high"] - self.ends["low"] if len(self.ends) == 2 else self._WIDTH * degree
        return {"low": wanted - apart / 2, "high": wanted + apart / 2}

    @staticmethod
    def middle(ends: Mapping[str, float], mode: Value | None) -> float | None:
        """The temperature that the ends are about; None while they do not say."""
        if mode in {"heat", "cool"}:
            return ends.get("low" if mode == "heat" else "high")
        return sum(ends.values()) / 2 if len(ends) == 2 else None


class _Climate:
    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.unit = entity.text("temperature_unit", entity.home_unit).upper().removeprefix("°")
        if self.unit not in {"C", "F"}:
            raise ValueError(f"temperature unit {self.unit!r} is neither C nor F")
        self.modes = entity.texts("modes", _DEFAULT_MODES)
        self.step = entity.number("temp_step", 0)
        ends = ("temperature_low_command_topic", "temperature_high_command_topic")
        self.band = _Band() if all(entity.topic(topic) for topic in ends) else None

    def encode(self, change: Change, _state: State) -> list[Publish]:
        messages = []
        power = change.get("power")
        if power is not None:
            messages.append(self._power(power, change))
        if "mode" in change:
            if change["mode"] not in self.modes:
                raise unsupported(change)
            messages.append(self._mode(change["mode"]))
        if "temperature" in change:
            messages += self._temperature(change)
        if not messages:
            raise unsupported(change)
        return messages

    def _power(self, power: Value, change: Change) -> Publish:
        entity = self.entity
        if power not in {"on", "off"}:
            raise unsupported(change)
        if entity.topic("power_command_topic"):
            payload = entity.text("payload_on", "ON") if power == "on" else entity.text("payload_off", "OFF")
            return entity.send("power_command_topic", payload, "power_command_template")
        if power == "off":
            mode = "off" if "off" in self.modes else None
        else:
            active = [mode for mode in self.modes if mode != "off"]
            mode = next((wanted for wanted in _ON_MODES if wanted in active), active[0] if active else None)
        if mode is None:
            raise unsupported(change)
        return self._mode(change.get("mode", mode) if power == "on" else mode)

    def _mode(self, mode: Value) -> Publish:
        return self.entity.send("mode_command_topic", mode, "mode_command_template")

    def _temperature(self, change: Change) -> list[Publish]:
        ends = self._ends(change)
        if ends is None:
            return [self._set_point("temperature", self._stepped(units.from_celsius(change["temperature"], self.unit)))]
        return [self._set_point(f"temperature_{end}", value) for end, value in ends.items()]

    def _set_point(self, prop: str, value: float) -> Publish:
        within(value, self.entity.limit("min_temp"), self.entity.limit("max_temp"), "temperature")
        return self.entity.send(f"{prop}_command_topic", float(value), f"{prop}_command_template")

    def _ends(self, change: Change) -> dict[str, float] | None:
        """Both set points for a wanted temperature, in the device's unit; None where it takes the one."""
        if self.band is None:
            return None
        mode = change.get("mode", self.band.mode)
        if self.entity.topic("temperature_command_topic") and mode != "heat_cool":
            return None
        degree = 1.8 if self.unit == "F" else 1.0
        ends = self.band.around(units.from_celsius(change["temperature"], self.unit), mode, degree)
        return {end: self._stepped(value) for end, value in ends.items()}

    def _stepped(self, value: float) -> float:
        return round(round(value / self.step) * self.step, 2) if self.step > 0 else value

    def attainable(self, change: Change) -> dict[str, Value]:
        if "temperature" not in change:
            return dict(change)
        ends = self._ends(change)
        value = self.band.middle(ends, change.get("mode", self.band.mode)) if self.band and ends else None
        if value is None:
            value = self._stepped(units.from_celsius(change["temperature"], self.unit))
        return {**change, "temperature": units.celsius(value, self.unit)}

    def readers(self) -> list[Reader]:
        entity = self.entity
        degrees = measured("temperature", lambda shown: units.celsius(shown, self.unit))
        current = measured("current_temperature", lambda shown: units.celsius(shown, self.unit))
        power: dict[str, Value] = {entity.text("payload_on", "ON"): "on", entity.text("payload_off", "OFF"): "off"}
        found = entity.reader("power_state_topic", matched("power", power), "power_state_template", "value_template")
        found += entity.reader("mode_state_topic", self._read_mode, "mode_state_template", "value_template")
        found += entity.reader("temperature_state_topic", degrees, "temperature_state_template", "value_template")
        for end in ("low", "high") if self.band else ():
            topic, template = f"temperature_{end}_state_topic", f"temperature_{end}_state_template"
            found += entity.reader(topic, partial(self._read_end, end), template, "value_template")
        found += entity.reader("current_temperature_topic", current, "current_temperature_template", "value_template")
        humidity = measured("humidity", number)
        return found + entity.reader("current_humidity_topic", humidity, "current_humidity_template", "value_template")

    def _read_mode(self, shown: str) -> Mapping[str, Value]:
        found: dict[str, Value] = {"mode": shown[:60], "power": "off" if shown == "off" else "on"}
        if self.band is None:
            return found
        self.band.mode = shown
        return {**found, **self._middle()}

    def _read_end(self, end: str, shown: str) -> Mapping[str, Value]:
        band = self.band
        if band is None:
            return {}
        band.ends[end] = number(shown)
        return self._middle()

    def _middle(self) -> dict[str, Value]:
        """What the band means as one temperature, where the device does not report one for this mode."""
        band = self.band
        if band is None or (self.entity.topic("temperature_state_topic") and band.mode != "heat_cool"):
            return {}
        middle = band.middle(band.ends, band.mode)
        return {} if middle is None else {"temperature": units.celsius(middle, self.unit)}
