from __future__ import annotations

import pytest

from edgeassist.home import Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.lighting import plainly_lit
from tests.support.homes import device

HOME = Lexicon.of(Home((device("Lamp", "light", "Hall", able=("brightness",)),)))


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("lights up", "make the lights brighter"),
        ("could you lighten the room a bit please", "make the lights brighter please"),
        ("total darkness please", "turn off the lights please"),
        ("cut down the light", "dim the light"),
        ("i prefer orange light", "i want orange lights"),
        ("turn on the red light", "make the lights red"),
        ("i need more light please", "make the lights brighter please"),
        ("light switch off", "lights off"),
        ("make the bulbs red", "make the lights red"),
    ],
)
def test_light_is_spoken_of_in_plain_words(said: str, plain: str) -> None:
    assert plainly_lit(said, HOME) == plain


@pytest.mark.parametrize("said", ["lights up the stairs", "light the way", "darkness falls", "add bulbs to the list"])
def test_other_light_stays(said: str) -> None:
    assert plainly_lit(said, HOME) == said


def test_home_without_lights_has_none() -> None:
    assert plainly_lit("lights up", Lexicon.of(Home())) == "lights up"


def test_what_is_called_so_stays() -> None:
    home = Lexicon.of(Home((device("Heat Bulbs", "light", "Hall"),)))
    assert plainly_lit("bulbs on", home) == "bulbs on"
    home = Lexicon.of(Home((device("Red Light", "light", "Hall"),)))
    assert plainly_lit("turn on the red light", home) == "turn on the red light"
