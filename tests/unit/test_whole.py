import pytest

from edgeassist.home import Area, Home
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.whole import plainly
from tests.support.homes import device

HOME = Lexicon.of(
    Home((device("Blind", "cover", "Cabin"), device("Light", area="Cabin")), (Area("Cabin"), Area("Outside")), ())
)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("turn every light in the cottage off", "turn every light in the house off"),
        ("lights off throughout our whole flat", "lights off throughout our whole house"),
        ("turn off the entire apartment , please", "turn off the entire house , please"),
        ("close everything in the flat", "close all the covers in the house"),
        ("shut everything downstairs please", "shut all the covers downstairs please"),
    ],
)
def test_plain_words_are_put_for_all_there_is(words: str, meant: str) -> None:
    assert plainly(words, HOME) == meant


@pytest.mark.parametrize(
    "words",
    [
        "turn everything off",
        "shut everything off",
        "shut everything down",
        "close everything on the tv",
        # Names, and what only begins like one.
        "turn on the light in the cabin",
        "turn on the lights in the home office",
        "turn on the lights in the home bar",
        "turn off the light in the villa next door",
        "is it warm in the villages",
        "we looked at a flat",
        # What is written down stays as it was said.
        "add paint for the whole flat to the shopping list",
    ],
)
def test_other_words_stay_as_they_were_said(words: str) -> None:
    assert plainly(words, HOME) == words


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("all the lights in the house and outside off", "all the lights in the house off"),
        ("lights off in the house and out .", "lights off in the house ."),
        ("lights off in the flat and outside", "lights off in the house"),
        ("lights off in the house and outside lights on", "lights off in the house and outside lights on"),
    ],
)
def test_outside_is_a_part_of_all_where_it_is_no_place_of_its_own(words: str, meant: str) -> None:
    assert plainly(words, Lexicon.of(Home((device("Light", area="Hall"),), (Area("Hall"),), ()))) == meant
    assert " outside" in plainly("lights off in the flat and outside", HOME)


def test_home_without_covers_has_nothing_to_close() -> None:
    lexicon = Lexicon.of(Home((device("Light", area="Hall"),), (Area("Hall"),), ()))
    assert plainly("close everything", lexicon) == "close everything"
