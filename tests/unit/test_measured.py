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
    ),
    (Area("Shed"),),
)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        (" get power compressor", "sensor.compressor_power"),
        (" get power compressor power", "sensor.compressor_power"),
        (" get power lathe", "switch.lathe"),
        (" get power dryer", "switch.dryer"),
        (" is compressor", "switch.compressor"),
    ],
)
def test_sensor_that_bears_the_name_of_both_is_asked(line: str, asked: str) -> None:
    shed = Lexicon.of(SHED)
    (call,) = resolve(syntax.read(line, FUNCTIONS, shed), Context(shed, None, frozenset()))
    assert call.targets == (asked,)
