from __future__ import annotations

import pytest

from edgeassist.language.later import without_time


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("start the vacuum at 10 30 am", "start the vacuum"),
        ("at 630 am start the robot vacuum", "start the robot vacuum"),
        ("turn the lights off at 11 tonight", "turn the lights off"),
        ("start the vacuum every monday morning", "start the vacuum"),
        ("turn on the coffee machine in the morning", "turn on the coffee machine"),
        ("tomorrow and then water the garden", "water the garden"),
        ("turn the fan on for 1 hour", "turn the fan on"),
        ("at one pm today start the mower", "start the mower"),
        ("blinds down at sunset", "blinds down"),
    ],
)
def test_the_time_is_taken_out(said: str, rest: str) -> None:
    assert without_time(said) == rest


@pytest.mark.parametrize(
    "said", ["turn on the lights", "set the heating at 20 degrees", "dim the lamp at 30 percent", "tomorrow"]
)
def test_what_names_no_time_or_nothing_else_has_none(said: str) -> None:
    assert without_time(said) is None
