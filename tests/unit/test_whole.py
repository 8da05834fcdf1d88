import pytest

from edgeassist.language.whole import plainly


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("turn every light in the cottage off", "turn every light in the house off"),
        ("lights off throughout our whole flat", "lights off throughout our whole house"),
        ("turn off the entire apartment", "turn off the entire house"),
        ("all the lights in the house and outside off", "all the lights in the house off"),
        ("turn off the lights in the bungalow and outside", "turn off the lights in the house"),
        ("close everything in the flat", "close all the covers in the house"),
        ("shut everything downstairs please", "shut all the covers downstairs please"),
        ("turn everything off", "turn everything off"),
        # Names, and what only begins like one.
        ("turn on the light in the cabin", "turn on the light in the cabin"),
        ("lights off in the house and out", "lights off in the house"),
        ("turn on the lights in the home office", "turn on the lights in the home office"),
        ("is it warm in the villages", "is it warm in the villages"),
        ("we looked at a flat", "we looked at a flat"),
    ],
)
def test_home_by_another_word_is_the_house(words: str, meant: str) -> None:
    assert plainly(words, {"cabin", "light"}) == meant


def test_outside_that_is_a_place_of_the_home_stays() -> None:
    assert plainly("lights off in the flat and outside", {"outside"}) == "lights off in the house and outside"
