from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeassist.home import Home
from edgeassist.language import syntax
from edgeassist.language.draft import draft
from edgeassist.language.lexicon import Lexicon
from edgeassist.text import normalise_utterance
from tests.support.homes import HOSTILE, homes, house
from tests.support.reading import FUNCTIONS

WORDS = [
    "turn",
    "on",
    "off",
    "the",
    "lamp",
    "lights",
    "to",
    "40",
    "percent",
    "is",
    "blue",
    "kitchen",
    "all",
    "fan",
    "dim",
    "open",
]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("turn on the floor lamp", " on floor lamp"),
        ("switch the big light off", " off big light"),
        ("turn off the lights in the kitchen", " off lights kitchen"),
        ("lights on", " on lights here"),
        ("all the lights off", " off lights everywhere"),
        ("set the floor lamp to 40 percent", " brightness40 floor lamp"),
        ("make the floor lamp blue", " color blue floor lamp"),
        ("is the front door locked", " is front door"),
        ("unlock the front door", " unlock front door"),
        ("close the office blind", " close office blind"),
        ("tell me a joke", None),
    ],
)
def test_plain_command_is_guessed(said: str, line: str | None) -> None:
    assert draft(said, Lexicon.of(house())) == line


@pytest.mark.parametrize("said", ["turn on the floor lamp", "lights off", "what is the temperature", "warmer"])
def test_guess_is_a_line_of_the_language(said: str) -> None:
    lexicon = Lexicon.of(house())
    line = draft(said, lexicon)
    assert line is not None
    assert syntax.read(line, FUNCTIONS, lexicon)


@given(homes(), st.one_of(st.text(max_size=80), HOSTILE, st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)))
def test_hostile_text_is_guessed_or_passed_over(home: Home, said: str) -> None:
    for text in (said, normalise_utterance(said)):
        line = draft(text, Lexicon.of(home))
        assert line is None or line.startswith(" ")
        with contextlib.suppress(ValueError):
            syntax.read(line or "", FUNCTIONS, Lexicon.of(home))
