"""Fans and humidifiers: power, and a level."""

from __future__ import annotations

import math

from edgeassist.conventions.driver import Change, unsupported
from edgeassist.conventions.payload import number
from edgeassist.conventions.units import clamp
from edgeassist.home.device import State
from edgeassist.messages import Publish, Value

from .entity import Built, Entity, measured, within
from .power import power_payload, power_readers, wanted_power


class SpeedRange:
    """The speeds of a fan, from ``low`` (its slowest that moves) to ``high``; percent rounds up to the next speed."""

    def __init__(self, low: float, high: float) -> None:
        if high < low:
            raise ValueError(f"a fan with speeds from {low} to {high}")
        self.low = low
        self.count = high - low + 1

    def speed(self, percentage: Value) -> int:
        return math.ceil(round(clamp(number(percentage), 0, 100) / 100 * self.count, 6) + self.low - 1)

    def percentage(self, speed: object) -> float:
        return clamp(int((number(speed) - self.low + 1) * 100 // self.count), 0, 100)


def fan(entity: Entity) -> Built:
    speeds = SpeedRange(entity.number("speed_range_min", 1), entity.number("speed_range_max", 100))
    has_speeds = entity.topic("percentage_command_topic") is not None

    def encode(change: Change, state: State) -> list[Publish]:
        percentage = change.get("percentage")
        if percentage is None or change.get("power") == "off":
            return [_switched(entity, wanted_power(change, state))]
        if percentage == 0:
            return [_switched(entity, "off")]
        if not has_speeds:
            raise unsupported(change)
        speed = entity.send("percentage_command_topic", speeds.speed(percentage), "percentage_command_template")
        return [speed] if state.get("power") == "on" else [_switched(entity, "on"), speed]

    def attainable(change: Change) -> dict[str, Value]:
        if "percentage" not in change:
            return dict(change)
        return {**change, "percentage": speeds.percentage(speeds.speed(change["percentage"]))}

    readers = power_readers(entity, "state_value_template", "value_template")
    readers += entity.reader(
        "percentage_state_topic", measured("percentage", speeds.percentage), "percentage_value_template"
    )
    return Built(tuple(readers), encode, ["percentage"] if has_speeds else [], attainable=attainable)


def humidifier(entity: Entity) -> Built:
    modes = entity.texts("modes")

    def encode(change: Change, state: State) -> list[Publish]:
        messages = []
        if "humidity" in change:
            wanted = within(
                number(change["humidity"]), entity.limit("min_humidity"), entity.limit("max_humidity"), "humidity"
            )
            messages.append(entity.send("target_humidity_command_topic", wanted, "target_humidity_command_template"))
        if "mode" in change:
            if change["mode"] not in modes:
                raise unsupported(change)
            messages.append(entity.send("mode_command_topic", change["mode"], "mode_command_template"))
        if "power" in change or "do" in change or not messages:
            messages.insert(0, _switched(entity, wanted_power(change, state)))
        return messages

    readers = power_readers(entity, "state_value_template")
    readers += entity.reader(
        "target_humidity_state_topic", measured("humidity", number), "target_humidity_state_template"
    )
    readers += entity.reader("mode_state_topic", measured("mode", str), "mode_state_template")
    capabilities = {"humidity": "target_humidity_command_topic", "mode": "mode_command_topic"}
    able = [name for name, topic in capabilities.items() if entity.topic(topic)]
    return Built(tuple(readers), encode, able, modes if "mode" in able else ())


def _switched(entity: Entity, power: Value) -> Publish:
    return entity.send("command_topic", power_payload(entity, power), "command_template")
