"""Thermostats and air conditioners: a set point, a mode, and what they measure."""

from __future__ import annotations

from collections.abc import Mapping

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
    if entity.topic("temperature_command_topic"):
        capabilities.append("temperature")
    if entity.topic("mode_command_topic"):
        capabilities.append("mode")
    modes = driver.modes if "mode" in capabilities else ()
    return Built(tuple(driver.readers()), driver.encode, capabilities, modes, attainable=driver.attainable)


class _Climate:
    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.unit = entity.text("temperature_unit", entity.home_unit).upper().removeprefix("°")
        if self.unit not in {"C", "F"}:
            raise ValueError(f"temperature unit {self.unit!r} is neither C nor F")
        self.modes = entity.texts("modes", _DEFAULT_MODES)
        self.step = entity.number("temp_step", 0)

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
            messages.append(self._temperature(change["temperature"]))
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

    def _temperature(self, wanted: Value) -> Publish:
        entity = self.entity
        value = self._stepped(units.from_celsius(wanted, self.unit))
        within(value, entity.limit("min_temp"), entity.limit("max_temp"), "temperature")
        return entity.send("temperature_command_topic", float(value), "temperature_command_template")

    def _stepped(self, value: float) -> float:
        return round(round(value / self.step) * self.step, 2) if self.step > 0 else value

    def attainable(self, change: Change) -> dict[str, Value]:
        if "temperature" not in change:
            return dict(change)
        device_value = self._stepped(units.from_celsius(change["temperature"], self.unit))
        return {**change, "temperature": units.celsius(device_value, self.unit)}

    def readers(self) -> list[Reader]:
        entity = self.entity
        degrees = measured("temperature", lambda shown: units.celsius(shown, self.unit))
        current = measured("current_temperature", lambda shown: units.celsius(shown, self.unit))
        power: dict[str, Value] = {entity.text("payload_on", "ON"): "on", entity.text("payload_off", "OFF"): "off"}
        found = entity.reader("power_state_topic", matched("power", power), "power_state_template", "value_template")
        found += entity.reader("mode_state_topic", self._read_mode, "mode_state_template", "value_template")
        found += entity.reader("temperature_state_topic", degrees, "temperature_state_template", "value_template")
        found += entity.reader("current_temperature_topic", current, "current_temperature_template", "value_template")
        humidity = measured("humidity", number)
        return found + entity.reader("current_humidity_topic", humidity, "current_humidity_template", "value_template")

    def _read_mode(self, shown: str) -> Mapping[str, Value]:
        return {"mode": shown[:60], "power": "off" if shown == "off" else "on"}
