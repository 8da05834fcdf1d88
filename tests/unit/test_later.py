from __future__ import annotations

import pytest

from edgeassist.language.later import at_once, without_time


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


def test_what_was_wished_for_a_while_is_told_so() -> None:
    assert at_once("heating on at 7", "heating on") == 'I can only do things at once. Say "heating on" when it is time.'
    assert at_once("heating on for 1 hour", "heating on").startswith('Nothing ends by itself here. Say "heating on"')
