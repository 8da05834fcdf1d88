"""Thermostats with two set points: which of them one wanted temperature is about."""

from __future__ import annotations

from typing import Any

import pytest

from edgeassist.errors import CommandError
from edgeassist.home import Device
from edgeassist.messages import Value
from tests.support.discovery import attainable, entity, said, sent

LOW, HIGH, ONE = "t/low/set", "t/high/set", "t/set"


OPTIONS: dict[str, Any] = {
    "modes": ["off", "heat", "cool", "heat_cool"],
    "mode_command_topic": "m/set",
    "mode_state_topic": "m",
    "temperature_low_command_topic": LOW,
    "temperature_low_state_topic": "t/low",
    "temperature_high_command_topic": HIGH,
    "temperature_high_state_topic": "t/high",
}


def thermostat(**more: Any) -> Device:
    return entity("climate", **OPTIONS, **more)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("heat", [(LOW, "21")]),
        ("cool", [(HIGH, "21")]),
        ("heat_cool", [(LOW, "18.5"), (HIGH, "23.5")]),
        ("off", [(LOW, "18.5"), (HIGH, "23.5")]),
    ],
)
def test_one_temperature_moves_the_end_that_the_mode_is_about(mode: str, expected: list[tuple[str, str]]) -> None:
    device = thermostat()
    for topic, payload in (("t/low", "17"), ("t/high", "22"), ("m", mode)):
        said(device, topic, payload)
    assert sent(device, {"temperature": 21}) == expected


def test_band_that_was_never_reported_is_two_degrees_wide() -> None:
    assert sent(thermostat(), {"temperature": 21}) == [(LOW, "20"), (HIGH, "22")]
    assert sent(thermostat(temperature_unit="F"), {"temperature": 20}) == [(LOW, "66.2"), (HIGH, "69.8")]


def test_mode_in_the_same_call_decides() -> None:
    assert sent(thermostat(), {"mode": "cool", "temperature": 24}) == [("m/set", "cool"), (HIGH, "24")]


@pytest.mark.parametrize(("mode", "shown"), [("heat", 17.0), ("cool", 22.0), ("heat_cool", 19.5)])
def test_band_is_reported_as_one_temperature(mode: str, shown: float) -> None:
    device = thermostat()
    assert said(device, "t/low", "17") == {}
    assert said(device, "t/high", "22") == {"temperature": 19.5}
    assert said(device, "m", mode)["temperature"] == shown


def test_thermostat_with_one_set_point_too_uses_the_band_in_heat_cool_only() -> None:
    device = thermostat(temperature_command_topic=ONE, temperature_state_topic="t")
    assert sent(device, {"temperature": 21}) == [(ONE, "21")]
    assert said(device, "t", "20") == {"temperature": 20.0}
    said(device, "m", "heat_cool")
    assert sent(device, {"temperature": 21}) == [(LOW, "20"), (HIGH, "22")]


def test_what_the_device_will_report_follows_its_steps() -> None:
    device = thermostat(temp_step=1)
    said(device, "m", "heat")
    wanted: dict[str, Value] = {"temperature": 21.4}
    assert sent(device, wanted) == [(LOW, "21")]
    assert attainable(device, wanted) == {"temperature": 21.0}


def test_end_beyond_the_limits_is_refused() -> None:
    device = thermostat(min_temp=7, max_temp=30)
    with pytest.raises(CommandError, match="outside"):
        sent(device, {"temperature": 29.5})
