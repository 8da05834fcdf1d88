from __future__ import annotations

import pytest

from edgeassist.home import Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.unfinished import left_open
from edgeassist.rereading import Understood
from edgeassist.understanding import _question
from tests.support.homes import device
from tests.support.reading import FUNCTIONS, NOTHING


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("create a new list", "What shall I put on the list?"),
        ("please make me a shopping list", "What shall I put on the shopping list?"),
        ("i want to start a new to do list", "What shall I put on the to do list?"),
        ("open a new list for me", "What shall I put on the list?"),
        ("create a list called holiday packing", "What shall I put on the holiday packing list?"),
        ("set up a list for the party", "What shall I put on the party list?"),
        ("add an item to my grocery list", "What shall I put on the grocery list?"),
        ("help me to make a weekly to do list", "What shall I put on the weekly to do list?"),
        ("open up a new list", "What shall I put on the list?"),
        ("add to the list", "What shall I put on the list?"),
        ("change the light colour", "Which colour?"),
        ("change the color of the bedroom lights please", "Which colour?"),
        ("make the lights a different colour", "Which colour?"),
        ("make the lights a nice colour", "Which colour?"),
        ("change it to another colour please", "Which colour?"),
        ("change the light mode", "What shall the light be?"),
        ("set the lights to party mode", "What shall the light be?"),
        ("adjust the lighting in the kitchen", "What shall the light be?"),
        ("add a new list called travel", "What shall I put on the travel list?"),
        ("make a new list and call it work", "What shall I put on the work list?"),
        ("how do i create a list", "What shall I put on the list?"),
        ("i have something to add to my list", "What shall I put on the list?"),
        ("put the following items on my packing list", "What shall I put on the packing list?"),
        ("create a checklist", "What shall I put on the list?"),
        ("add that to my list", "What shall I put on the list?"),
        ("surprise me with a colour", "Which colour?"),
        ("activate a different light color", "Which colour?"),
        ("make the lights colourful", "Which colour?"),
        ("i don't like this colour", "Which colour?"),
        ("set a romantic mood", "What shall the light be?"),
        ("mood lighting", "What shall the light be?"),
        ("lights for movie night", "What shall the light be?"),
        ("set the lights", "What shall the light be?"),
        ("adjust the brightness in the hall", "How bright?"),
        ("turn that off", "Which one?"),
        ("turn off", "Which one?"),
        ("set a timer", "For how long?"),
        ("could you start another timer", "For how long?"),
        ("change the volume on the telly", "How loud?"),
        ("adjust the thermostat", "How warm?"),
    ],
)
def test_what_was_left_out_is_asked_for(said: str, asked: str) -> None:
    question = left_open(said)
    assert question is not None
    assert question.startswith(f"{asked} Say for example: ")


@pytest.mark.parametrize(
    "said",
    [
        "add milk to the list",
        "what is on the list",
        "open the shopping list",
        "create a list with milk and eggs",
        "make a new playlist",
        "change the lights to blue",
        "make the lights blue",
        "set the volume to 20",
        "change the temperature in the bedroom to 20",
        "set a timer for 5 minutes",
        "turn on the lights",
        "write down tomatoes on the list",
        "add eggs shopping list",
        "add the bread to my shopping list",
        "change the timer",
        "turn on the mood lighting",
        "christmas lights on",
    ],
)
def test_what_says_all_is_not_asked_about(said: str) -> None:
    assert left_open(said) is None


def test_what_is_called_after_a_mood_is_meant() -> None:
    assert left_open("party lights", {"party", "lights"}) is None


def test_scene_that_is_called_so_is_meant() -> None:
    home = Lexicon.of(Home((device("Change Lights", "scene"), device("Lamp", area="Hall", able=("brightness",)))))

    def read(words: str, line: str) -> Understood:
        return Understood(words, line, syntax.read(line, FUNCTIONS, home), home, 1.0, NOTHING, 0.0)

    assert _question(read("change lights", " run change lights"), "change lights") is None
    assert _question(read("change the lights", " toggle lights here"), "change the lights")
