from __future__ import annotations

import pytest

from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.resolve import Context, resolve
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

SHED = Home(
    (
        device("Compressor", "switch", "Shed"),
        device("Compressor Power", "sensor", "Shed", device_class="power"),
        device("Lathe", "switch", "Shed"),
        device("Dryer", "switch", "Shed"),
        device("Dryer Power", "sensor", "Shed", device_class="energy"),
        device("Propagator", "climate", "Greenhouse"),
        device("Thermometer", "sensor", "Greenhouse", device_class="temperature"),
        device("Heater", "climate", "Shed"),
    ),
    (Area("Shed"), Area("Greenhouse")),
)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (" get power compressor", "sensor.compressor_power"),
        (" get power compressor power", "sensor.compressor_power"),
        (" get power lathe", "switch.lathe"),
        (" get power dryer", "switch.dryer"),
        (" is compressor", "switch.compressor"),
        (" get temperature greenhouse", "sensor.thermometer"),
        (" get temperature propagator", "climate.propagator"),
        (" get temperature heating greenhouse", "climate.propagator"),
        (" get temperature shed", "climate.heater"),
    ],
)
def test_sensor_of_the_device_or_the_place_is_asked(line: str, asked: str) -> None:
    shed = Lexicon.of(SHED)
    (call,) = resolve(syntax.read(line, FUNCTIONS, shed), Context(shed, None, frozenset()))
    assert call.targets == (asked,)
