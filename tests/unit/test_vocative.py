from __future__ import annotations

import pytest

from edgeassist.home import Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.vocative import unaddressed
from tests.support.homes import device

HOME = Lexicon.of(Home((device("Echo Dot", "media_player"), device("Lamp"))))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("alexa mute", "mute"),
        ("hey google , turn off the lamp", "turn off the lamp"),
        ("okay nabu turn off the lamp", "turn off the lamp"),
        ("turn off the lamp , siri", "turn off the lamp"),
        ("is the lamp on , siri ?", "is the lamp on ?"),
        ("computer lamp off", "lamp off"),
        # A device of this home, somebody else, and nothing but the call.
        ("echo dot off", "echo dot off"),
        ("turn off the echo", "turn off the echo"),
        ("turn off the google", "turn off the google"),
        ("turn on siri", "turn on siri"),
        ("google home volume 30", "google home volume 30"),
        ("computer off", "computer off"),
        ("dave turn off the lamp", "dave turn off the lamp"),
        ("google", "google"),
    ],
)
def test_name_of_an_assistant_is_no_part_of_what_it_is_told(said: str, left: str) -> None:
    assert unaddressed(said, HOME) == left
