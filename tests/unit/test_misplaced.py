from __future__ import annotations

import pytest

from edgeassist.home import Area, Home
from edgeassist.language import syntax
from edgeassist.language.lexicon import Lexicon
from edgeassist.language.misplaced import misplaced
from tests.support.homes import device
from tests.support.reading import FUNCTIONS

HOME = Lexicon.of(
    Home(
        (
            device("Telly", "media_player", "Lounge", able=("volume",)),
            device("Corner Lamp", area="Lounge"),
            device("Hall Light", area="Hall"),
            device("Rosie", "vacuum", "Hall"),
            device("Heater", "switch"),
            device("Porch Door Lock", "lock", "Hall"),
        ),
        tuple(map(Area, ("Lounge", "Hall", "Kitchen"))),
    )
)


def said_of(words: str, line: str) -> str | None:
    return misplaced(syntax.read(line, FUNCTIONS, HOME), words, HOME)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("turn on the telly in the kitchen", " on telly"),
        ("turn the corner lamp in the hall off please", " off corner lamp"),
    ],
)
def test_thing_that_is_said_to_be_elsewhere_is_asked_about(words: str, line: str) -> None:
    said = said_of(words, line)
    assert said is not None
    assert " is in the Lounge, and I know of no other in the " in said


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("turn on the telly in the lounge", " on telly"),
        ("turn on the telly", " on telly"),
        # What goes where it is sent, and what is nowhere in particular.
        ("send rosie in the kitchen", " clean rosie"),
        ("turn on the heater in the kitchen", " on heater"),
        # A door is in both rooms.
        ("lock the porch door lock in the kitchen", " lock porch door lock"),
        # The room is why, or is that of another thing, or is taken back.
        ("it is dark in the kitchen turn on the hall light", " on hall light"),
        ("turn the telly on and the light in the hall off", " on telly; off hall light"),
        ("turn on the lamp in the hall no the corner lamp", " on corner lamp"),
        ("is the telly in the kitchen on", " is telly"),
    ],
)
def test_thing_that_is_where_it_is_said_to_be_is_not(words: str, line: str) -> None:
    assert said_of(words, line) is None
