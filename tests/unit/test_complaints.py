from __future__ import annotations

import pytest

from edgeassist.home import Area, Home
from edgeassist.language.complaints import helped
from edgeassist.language.lexicon import Lexicon
from tests.support.homes import device

HOME = Lexicon.of(
    Home(
        (
            device("Blind", "cover", "Lounge", device_class="blind"),
            device("Curtains", "cover", "Bedroom", device_class="curtain"),
            device("Telly", "media_player", "Lounge"),
            device("Speaker", "media_player", "Bedroom"),
            device("Radiator", "climate", "Bedroom"),
            device("Humidifier", "humidifier", "Bedroom"),
            device("Cooker Hood", "fan", "Kitchen"),
            device("Dust Extractor", "switch", "Kitchen"),
        ),
        tuple(map(Area, ("Lounge", "Bedroom", "Kitchen"))),
    )
)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("the sun's right in my eyes", " close blinds here, curtains here"),
        ("there is a dreadful glare on the screen", " close blinds here, curtains here"),
        ("we can't hear a word they're saying", " louder here"),
        ("i can barely hear the telly", " louder telly"),
        ("the music is far too loud", " quieter here"),
        ("next door are complaining about our music", " quieter here"),
        ("i'm absolutely freezing", " warmer here"),
        ("it's perishing in the bedroom", " warmer bedroom"),
        ("it's chilly in this room", " warmer here"),
        ("i'm sweating like a pig", " cooler here"),
        ("there is too much light in here", " darker here"),
        ("the air is so dry", " on humidifiers here"),
        ("i've burnt the toast", " on cooker hood"),
    ],
)
def test_complaint_is_what_helps(said: str, line: str) -> None:
    assert helped(said, HOME) == line


@pytest.mark.parametrize(
    "said",
    [
        "i can't hear you over that drill",
        "it's cold outside",
        "it's freezing in the mountains",
        "i'm boiling potatoes",
        "the soup is getting cold",
        "i'm not cold",
        "she said it's too loud",
        "it was too hot in here",
        "the bedside lamp is in my eyes",
        # These say what is to be done, which is the model's to read.
        "turn the heating on it's freezing",
        "the sun's in my eyes lower the blind halfway",
        "the kids are too loud",
        "smoke gets in your eyes",
    ],
)
def test_who_speaks_of_something_else_is_not_helped(said: str) -> None:
    assert helped(said, HOME) is None


def test_home_that_has_nothing_for_it_does_not_help() -> None:
    lexicon = Lexicon.of(Home((device("Lamp"),)))
    assert helped("the sun's right in my eyes", lexicon) is None
    assert helped("i've burnt the toast", lexicon) is None
