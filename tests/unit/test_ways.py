from __future__ import annotations

import pytest

from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.ways import as_turned
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Lexicon.of(
    Home(
        (
            device("Thermostat", "climate", "Hall", able=("temperature",)),
            device("Lamp", "light", "Hall", able=("brightness",)),
            device("Radio", "media_player", "Hall", able=("volume",)),
            device("Fan", "fan", "Hall", able=("percentage",)),
        ),
        (Area("Hall"),),
    )
)


@pytest.mark.parametrize(
    ("text", "read", "meant"),
    [
        ("turn the heat down 2 degrees up here", " warmer2 hall", " cooler2 hall"),
        ("turn the radiators down a degree upstairs", " warmer1 here", " cooler1 here"),
        ("crank up the lamp down here", " darker lamp", " brighter lamp"),
        ("turn down the radio i am fed up", " louder radio", " quieter radio"),
        ("knock the fan up a notch", " slower fan", " faster fan"),
        ("turn the fan up", " faster fan", " faster fan"),
        ("turn the lamp up to 40", " brightness40 lamp", " brightness40 lamp"),
        ("toggle the lamp on please", " toggle lamp", " on lamp"),
        ("toggle the lamp off", " toggle lamp", " off lamp"),
        ("toggle the lamp between on and off", " toggle lamp", " toggle lamp"),
        # The model knows better than a rule.
        ("turn the ac down it's boiling", " cooler here", " cooler here"),
        ("turn the ac down it's freezing", " warmer here", " warmer here"),
        ("turn the radio down no make it louder", " louder radio", " louder radio"),
        ("turn the radio down and the lamp up", " quieter radio; brighter lamp", " quieter radio; brighter lamp"),
        ("turn the lamp down here it is too dark turn it up", " brighter lamp", " brighter lamp"),
        ("it is too warm up here", " cooler hall", " cooler hall"),
        ("i can't hear the radio for the rain", " quieter radio", " louder radio"),
        ("can't hear my book over that radio", " louder radio", " quieter radio"),
        ("i can't hear the radio over the fan", " louder radio", " louder radio"),
        ("i can't hear myself over the radio", " quieter radio", " quieter radio"),
        ("turn the radio all the way down", " volume100 radio", " volume0 radio"),
        ("turn the radio all the way up", " volume100 radio", " volume100 radio"),
        ("can't hear a word they're saying", " louder here", " louder here"),
    ],
)
def test_what_is_turned_down_goes_down(text: str, read: str, meant: str) -> None:
    assert syntax.write(as_turned(syntax.read(read, FUNCTIONS, HOME), text, FUNCTIONS)) == meant
